// eslint-disable-next-line no-control-regex -- a terminal obeys these; a reader must see them instead
const commanding = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text of somebody else as a terminal may show it: what would command the terminal is written out. */
export function visible(text: string): string {
  return text.replaceAll(
    commanding,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
