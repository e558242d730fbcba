// Somebody else's relying party (SimpleWebAuthn) judges passkeys and signatures against the options that we gave out. On standard input, as JSON:
//   {"origin", "rpId", "made": [{"options", "credential"}], "signed": [{"options", "credential", "counter", "of"}]}
// where counter is the last one that was seen, and of says whose passkey of those made the account has. The answer is why each is refused, or null:
//   {"made": […], "signed": […]}
import { readFileSync } from 'node:fs';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';

const { origin, rpId, made, signed } = JSON.parse(readFileSync(0, 'utf8'));
const expected = { expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true };

async function judge(verify, { options, credential }, more) {
  try {
    const answer = await verify({ ...expected, ...more, response: credential, expectedChallenge: options.challenge });
    return { refused: answer.verified ? null : 'the signature is wrong', passkey: answer.registrationInfo && answer.registrationInfo.credential };
  } catch (error) {
    return { refused: error.message };
  }
}

const registered = [];
for (const one of made) registered.push(await judge(verifyRegistrationResponse, one));
const authenticated = [];
for (const one of signed)
  authenticated.push(await judge(verifyAuthenticationResponse, one, { credential: { ...registered[one.of].passkey, counter: one.counter } }));

console.log(JSON.stringify({ made: registered.map(one => one.refused), signed: authenticated.map(one => one.refused) }));
