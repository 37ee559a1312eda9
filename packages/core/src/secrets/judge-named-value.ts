/** A value, and the way in which the text joins it with its name. */
export interface FoundValue {
  name: string;
  kind: 'password' | 'key';
  text: string;
  joint: 'assigned' | 'option' | 'spoken';
  isSpaced: boolean;
  isQuoted: boolean;
  /** The two characters that follow. */
  after: string;
}

/** Names of secrets that a person may have chosen, whose values need not look random. */
const password =
  /passw|passphrase|passcode|pwd|credential|kennwort|contrase|wachtwoord|(?<!com|by|sur|tres|over|under)pass(?![a-z])/i;
const key =
  /secret(?!ar)|token(?!i[sz])|^_?auth$|passkey|(?:api|access|account|private|encryption|encrypt|signing|master|shared|subscription|storage|auth|license|service|deploy|session|webhook|functions?|app|application|admin|client|consumer|root|jwt|hmac|host)[_-]?keys?(?![a-z])/i;

/** Last words of names that describe a secret without containing it, such as TOKEN_URL. */
const about = new Set(
  (
    'file filename path dir url uri endpoint type name count limit length size budget usage ttl expiry expires in at on ' +
    'lifetime policy algorithm field label placeholder hint version required enabled status header prefix age rotation'
  ).split(' '),
);

export function kindOfName(name: string): FoundValue['kind'] | undefined {
  const kind = password.test(name) ? 'password' : key.test(name) ? 'key' : undefined;
  if (kind === undefined) return undefined;
  const lastWord = name.split(/[_-]|(?<=[a-z0-9])(?=[A-Z])/).at(-1) ?? '';
  return about.has(lastWord.toLowerCase()) ? undefined : kind;
}

const words =
  /^(?:null|undefined|none|nil|true|false|yes|no|string|str|number|boolean|bool|int|text|bytes|any|unknown|object|required|optional|include|omit|same-origin|hidden|inherit|await|new|async|function|typeof|this|self)[!?]?$/i;
const filler = /^(?:[^\p{L}\p{N}]*|[*x•.]+|<[\w -]*>?|\$[A-Z_][A-Z0-9_]*|%[A-Z_]+%)$/iu;

/** Starts of placeholders and of references to a variable. */
const reference = /\[redacted|your[-_ ]|\$[{(]|\{\{|[#@]\{|%\(/iy;
/** Starts of code: a call, a type, a member of something. */
const code =
  /[A-Za-z_$][\w$.?!]*\(|[A-Z][A-Za-z]*<|(?:process|os|env|import|this|self|config|settings|options?|opts|args?|params|props|req|request|res|response|ctx|context|state|data|body|user|session|event|input|secrets|vars?|local|module|row|result|json|form|values?|credentials?|auth|account|client)(?:[?!]?\.[A-Za-z_$][\w$]*)+/y;
const folder = /[/~.]|[A-Z]:\\/iy;

/**
 * Whether the first characters of a value show that it is harmless. Such a value is not read to its
 * end: it may contain further names with values, and in a text full of them each would be read many
 * times.
 */
export function startsHarmless(text: string, at: number, name: string, isQuoted: boolean): boolean {
  // A shell's PWD is its folder, not a password.
  const patterns = [
    reference,
    ...(isQuoted ? [] : [code]),
    ...(/^(?:OLD)?PWD$/i.test(name) ? [folder] : []),
  ];
  return patterns.some((pattern) => {
    pattern.lastIndex = at;
    return pattern.test(text);
  });
}

/**
 * Whether a value is harmless in spite of its name: a placeholder, a number of tokens, a word of
 * code or prose.
 */
export function isHarmless(value: FoundValue): boolean {
  const { text, kind, isQuoted } = value;
  if (text.length < shortest(value) || filler.test(text)) return true;
  if (words.test(text) || isNumber(value)) return true;
  return isQuoted ? /\s/.test(text) && isLabel(text, kind) : isWord(value);
}

function shortest({ text, kind, joint, isSpaced, isQuoted }: FoundValue): number {
  if (joint === 'spoken') return 8;
  if (kind === 'password') return isQuoted || !isSpaced ? 4 : 6;
  return hasDigit(text) && /[a-z]/i.test(text) ? 6 : 8;
}

function isNumber({ name, text, kind }: FoundValue): boolean {
  return /^[\d._]+[km]?$/i.test(text) && (kind === 'key' || /^pass$/i.test(name));
}

function isLabel(text: string, kind: FoundValue['kind']): boolean {
  return kind === 'key' ? !hasDigit(text) : password.test(text);
}

/** Whether it is a name in code, or a word of a sentence. */
function isWord({ text, kind, joint, isSpaced, after }: FoundValue): boolean {
  if (joint === 'spoken') return !hasDigit(text) || !/[a-z]/i.test(text);
  if (!/^[a-z_$]+[.:!?)]?$/i.test(text)) return false;
  if (joint === 'option' && /^[A-Z_]+$/.test(text)) return true;
  if (kind === 'key') return (isSpaced && text.length < 24) || key.test(text);
  if (!isSpaced) return false;
  return (/[a-z_][A-Z]|_/.test(text) && password.test(text)) || /^ [a-z]/.test(after);
}

function hasDigit(text: string): boolean {
  return /\d/.test(text);
}
