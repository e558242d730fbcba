// Computes AES-CMACs (a JSON list of {key, message} in hexadecimal on standard input) with node-aes-cmac; prints a list of hexadecimal MACs.
import { readFileSync } from 'node:fs';
import cmac from 'node-aes-cmac';

const bytes = hex => Buffer.from(hex, 'hex');
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(({ key, message }) => cmac.aesCmac(bytes(key), bytes(message)))));
