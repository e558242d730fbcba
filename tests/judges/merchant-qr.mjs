// Decodes merchant-presented codes (a JSON list of texts on standard input) with steplix-emvqr; prints a list of fields, or of errors.
import { readFileSync } from 'node:fs';
import emvqr from 'steplix-emvqr';

const decode = text => {
  try {
    return emvqr.decode(text, true);
  } catch (error) {
    return { error: error.message };
  }
};
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(decode)));
