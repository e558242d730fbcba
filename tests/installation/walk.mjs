// A mail server with STARTTLS that asks for a name and a password, and a browser: what people see of an installation (run.sh).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { simpleParser } from 'mailparser';
import { chromium } from 'playwright-core';
import { SMTPServer } from 'smtp-server';

const { FOLDER: folder, MAIL_PORT: mailPort, TLS_PORT: tlsPort } = process.env;
const origin = 'https://pay.example.jp';
const patience = 60_000;

async function until(what) {
  for (const began = Date.now(); Date.now() - began < patience; await new Promise(soon => setTimeout(soon, 100))) {
    const found = await what();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

const mails = [];
const server = new SMTPServer({
  key: fs.readFileSync(`${folder}/mail.key`),
  cert: fs.readFileSync(`${folder}/mail.pem`),
  onAuth: (given, _, done) =>
    given.username === 'ensen' && given.password === 'mail-secret-1' ? done(null, { user: 'ensen' }) : done(new Error('wrong name or password')),
  onData: (stream, session, done) => simpleParser(stream).then(mail => {
    mails.push({ mail, secure: session.secure, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo[0].address });
    done();
  }, done),
});
server.on('error', () => {}); // Somebody hung up: the test that misses a mail says so.
await new Promise(listens => server.listen(Number(mailPort), '127.0.0.1', listens));
fs.writeFileSync(`${folder}/listens`, '');

const opened = await until(() => fs.existsSync(`${folder}/opened`) && fs.readFileSync(`${folder}/opened`, 'utf8'));
const printed = what => opened.match(new RegExp(`^${what} +(\\S+)`, 'm'))[1];

const browser = await chromium.launch({
  executablePath: process.env.ENSEN_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    `--host-resolver-rules=MAP pay.example.jp:443 127.0.0.1:${tlsPort}`],
});
const visitor = async () => (await browser.newContext({ locale: 'ja-JP', ignoreHTTPSErrors: true })).newPage();
const phone = await visitor();

const welcome = await phone.goto(`${origin}/welcome`);
assert.equal(welcome.status(), 200);
assert.equal(welcome.headers()['strict-transport-security'], 'max-age=31536000');
for (const inner of ['/metrics', '/health/ready', '/sandbox'])
  assert.equal((await phone.goto(origin + inner)).status(), 404, inner);

await phone.goto(`${origin}/register`);
for (const [field, value] of Object.entries({ name: '西川 葵', email: 'aoi@example.jp', telephone: '090-1234-5678', password: 'Loop-line-09' }))
  await phone.fill(`input[name=${field}]`, value);
await phone.click('button.do[type=submit]');
await phone.waitForURL(/\/register\/sent\?/);
for (const cookie of await phone.context().cookies())
  assert.ok(cookie.secure, cookie.name);

const got = await until(() => mails.find(m => m.to === 'aoi@example.jp'));
assert.ok(got.secure, 'the mail came over TLS');
assert.equal(got.from, 'bounces@pay.example.jp');
assert.equal(got.mail.subject, '【Ensen】メールアドレスの確認');
const link = got.mail.text.match(/https:\S+/)[0];
assert.ok(link.startsWith(`${origin}/confirm-mail?token=`), link);
await phone.goto(link);
await phone.click('form:first-of-type button.do');
await phone.waitForURL(/told=Confirmed/);
await phone.goto(`${origin}/account`);
assert.match(await phone.textContent('.facts'), /確認済み/);

await phone.goto(`${origin}/charge`);
assert.ok(await phone.isVisible('#nowhere'), 'what has no gateway says so');
assert.ok(await phone.isDisabled('button.do'));

const tablet = await visitor();
await tablet.goto(`${origin}/till/sign-in`);
await tablet.fill('#number', printed('Number'));
await tablet.fill('#pin', printed('Till PIN'));
await tablet.click('button.do');
await tablet.waitForURL(`${origin}/till`);
assert.match(await tablet.textContent('body'), /パン工房 京橋/);

fs.writeFileSync(`${folder}/letter.part`, [
  'From: MAILER-DAEMON@mx.example.jp', 'To: bounces@pay.example.jp', 'Subject: Undelivered Mail', 'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '',
  '--b', 'Content-Type: text/plain', '', 'It could not be delivered.',
  '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.jp', '',
  'Final-Recipient: rfc822; aoi@example.jp', 'Action: failed', 'Status: 5.2.1', '',
  '--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${got.mail.messageId}`, '', '--b--', ''].join('\r\n'));
fs.renameSync(`${folder}/letter.part`, `${folder}/letter`);
await until(() => fs.existsSync(`${folder}/bounced`));
await phone.goto(`${origin}/account`);
assert.ok(await phone.isVisible('#bounced'), 'the member is told that the mail came back');

await browser.close();
await new Promise(closed => server.close(closed));
process.exit(0);
