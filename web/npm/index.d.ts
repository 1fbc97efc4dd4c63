export type Bytes = Uint8Array | ArrayBuffer | string;

export interface KeyOptions {
  /** The name of the file; the names of outputs are made of it. */
  name?: string;
  /** Which of several keys in the file, from 1. */
  index?: number;
  /** Opens the key. */
  passphrase?: string;
}

export interface WriteOptions {
  /** A format: "ppk", "ppk2", "pem", "openssh", "pkcs8", ...; formats() has all. */
  to: string;
  /** Protects the output. Without it the passphrase of the key stays. */
  newPassphrase?: string;
  /** The comment; that of the key without it. */
  comment?: string;
}

export interface ConvertOptions extends KeyOptions, WriteOptions {
  /** Writes the key without a passphrase. */
  noPassphrase?: boolean;
  /** An OpenSSH certificate to add. */
  certificate?: Bytes;
}

export interface GenerateOptions extends Partial<WriteOptions> {
  type?: string;
  bits?: number;
}

export interface Key {
  type: string;
  title: string;
  bits: number;
  comment: string;
  encrypted: boolean;
  /** The line for ~/.ssh/authorized_keys. */
  public: string;
  fingerprints: { kind: string; text: string }[];
}

export interface Note {
  text: string;
  /** What it is about, if that is not what was written. */
  file?: string;
  warning?: boolean;
  advice?: string;
}

export interface OutputFile {
  name: string;
  title?: string;
  private: boolean;
  data: Uint8Array;
}

export interface Result {
  name: string;
  data: Uint8Array;
  /** All outputs: the key first, then what it has no room for, such as a certificate. */
  files: OutputFile[];
  notes: Note[];
  key: Key;
}

export interface Info {
  format: string;
  title: string;
  private: boolean;
  encrypted: boolean;
  encryption?: string;
  token?: boolean;
  keys: number;
  repairs?: string[];
  findings?: Note[];
  programs?: { program: string; answer: "opens" | "refuses" | "not known"; why?: string; to?: string }[];
  /** The formats that it can be converted to. */
  forms: string[];
  /** Missing where only the passphrase shows the public half, and none was given. */
  key?: Key;
  certificate?: string;
}

export interface Format {
  name: string;
  title: string;
  help: string;
  extension: string;
  private: boolean;
  encrypts: boolean;
  comment: boolean;
}

/** What keyconv refuses. exit is the exit code of the command: 4 needs a passphrase, 5 a wrong one. */
export class KeyconvError extends Error {
  exit: number;
  advice: string;
}

export function convert(data: Bytes, options: ConvertOptions): Promise<Result>;
export function inspect(data: Bytes, options?: KeyOptions): Promise<Info>;
/** Proves a private key, and compares it with a public key or fingerprint. */
export function check(data: Bytes, options?: KeyOptions & { public?: string }): Promise<{ key: Key; matched?: string; notes: Note[] }>;
export function generate(options?: GenerateOptions): Promise<Result>;
export function formats(): Promise<Format[]>;
