/**
 * Marks of text that may not be the proposer's own: pasted pages, quoted messages, orders to whoever reads. A table of
 * hints, not a proof: what it finds goes to a human instead of being approved automatically; what it does not find is
 * still held by every limit.
 */
const marks: readonly { readonly flag: string; readonly pattern: RegExp }[] = [
  { flag: 'a link', pattern: /[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\bmailto:/i },
  { flag: 'an address', pattern: /[^\s@]@[^\s@]+\.[^\s@]/ },
  // A name in quotation marks is usual; a sentence in them is somebody else's.
  { flag: 'a quotation', pattern: /["“”„«»][^"“”„«»]{24,}["“”„«»]|^\s*>|\s>\s/ },
  { flag: 'a code block', pattern: /```|~~~/ },
  { flag: 'markup', pattern: /<[/!?]?[a-z]|\{\{|\[\[|\]\(|&#?[a-z0-9]+;/i },
  { flag: 'hidden characters', pattern: /[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}]/u },
  { flag: 'a speaker', pattern: /\b(system|assistant|user|human|developer|tool)\s*:/i },
  {
    flag: 'mixed scripts',
    pattern:
      /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u,
  },
  {
    flag: 'words of command',
    pattern:
      /ignor|disregard|overrid|bypass|forget|approv|authori[sz]|countersign|instruct|prompt|jailbreak|must be (executed|sent|placed)|without (asking|review|a human)|kill.?switch|auto.?approv/,
  },
];

/** What the texts show of other people's words, each mark once, in the table's order; empty = nothing seen. */
export function externalTextFlags(texts: readonly string[]): readonly string[] {
  const forms = texts.flatMap((text) => [text, plain(text)]);
  return marks
    .filter(({ pattern }) => forms.some((form) => pattern.test(form)))
    .map(({ flag }) => flag);
}

/** Letters without accents, width or case; joints of a tag are blanks: `Ａpprove-it` reads `approve it`. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[._-]+/g, ' ');
}
