import { Fn, IResolvable, Token, Tokenization } from 'aws-cdk-lib';

/** The parts of a text: what is known at synth as it is, and what is known at deployment only as a token. */
export function partsOf(text: string): (string | IResolvable)[] {
  const parts: (string | IResolvable)[] = [];
  let rest = text;
  for (const token of Tokenization.reverseString(text).tokens) {
    const start = rest.indexOf(Token.asString(token));
    parts.push(rest.slice(0, start), token);
    rest = rest.slice(start + Token.asString(token).length);
  }
  return [...parts, rest].filter(part => part !== '');
}

/**
 * The text as one word of a command in bash, whatever stands in it: quoted, and a value that is known at deployment only is
 * encoded there, so that it cannot end the quote.
 */
export function bashWord(text: string): string {
  const words = partsOf(text).map(part => typeof part === 'string' ? quoted(part) : `"$(base64 --decode <<< '${encoded(part)}')"`);
  return words.join('') || "''";
}

/** What `base64 --decode` gives back; CloudFormation encodes it. */
export function encoded(token: IResolvable): string {
  return Fn.base64(Token.asString(token));
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
