/**
 * What a table has under a word that a client sent, undefined when it has nothing. A plain index would
 * also find what every object has, such as `constructor`.
 */
export const lookUp = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;
