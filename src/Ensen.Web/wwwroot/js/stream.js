// One stream of events for all tabs of a browser: over HTTP/1.1 a browser opens six connections to a site, and six tabs that each held one for
// its stream left none to pay with. The tab that has the lock listens and tells the others; when it goes, the next one listens on. A tab that is
// looked at and gets no answer (a telephone froze the one that listens) takes the lock. Where a browser has neither locks nor a channel,
// only the tab that is looked at listens.

const kinds = ['payment', 'refund', 'change'];
const patience = 2000;
const askEvery = 20000;
const kept = 100;

/**
 * @typedef {{ kind: string, id: string, data: string }} News
 * @param {string} address
 * @param {{ since(): string, state(on: boolean): void, tell(news: News): void }} ear
 */
export function share(address, ear) {
  if (navigator.locks && window.BroadcastChannel) together(address, ear);
  else alone(address, ear);
}

function alone(address, ear) {
  let stream = null;
  const look = () => {
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
    } else if (!stream) {
      stream = listen(address, ear);
    }
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', () => {
    if (stream) stream.close();
    stream = null;
  });
  addEventListener('pageshow', look);
  look();
}

function together(address, ear) {
  const name = `ensen.live ${address}`;
  let channel = null, release = null, on, recent = [], answered = 0, waiting = 0;
  const tell = news => {
    recent = [...recent.slice(1 - kept), news];
    ear.tell(news);
  };
  const state = now => {
    on = now;
    ear.state(now);
  };

  const lead = () => new Promise(done => {
    const stream = listen(address, {
      since: ear.since,
      state(now) {
        state(now);
        channel.postMessage({ on: now });
      },
      tell(news) {
        tell(news);
        channel.postMessage({ news });
      },
    });
    release = () => {
      release = null;
      stream.close();
      done();
    };
  });
  /** In line for the lock; whoever had it and lost it to another is in line again. */
  const wait = steal => {
    const held = channel;
    navigator.locks.request(name, steal ? { steal: true } : {}, () => (held === channel && channel ? lead() : undefined)).catch(() => {}).then(() => {
      if (release) release();
      if (held === channel && channel) wait(false);
    });
  };
  /** Is anybody listening for us? The answer brings what was told between the making of this page and now. */
  const ask = () => {
    if (release || document.hidden || !channel) return;
    const asked = performance.now();
    channel.postMessage({ since: ear.since() });
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!release && channel && answered < asked) wait(true); }, patience);
  };

  const join = () => {
    if (channel) return;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => {
      if ('since' in data) {
        if (release) channel.postMessage({ on, told: recent.filter(news => news.id > data.since && news.kind !== 'change') });
        return;
      }
      answered = performance.now();
      if (data.on !== undefined && data.on !== on) state(data.on);
      for (const news of data.told || [data.news]) if (news) tell(news);
    };
    wait(false);
    ask();
  };
  const leave = () => {
    if (!channel) return;
    const left = channel;
    channel = null;
    if (release) release();
    left.close();
  };
  join();
  addEventListener('pagehide', leave);
  addEventListener('pageshow', join);
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, askEvery);
}

/** A stream of one's own. One that gives up (a 4xx or 5xx) is opened again, slower each time up to half a minute, and goes on where it was. */
function listen(address, ear) {
  let source = null, tries = 0, again = 0;
  const open = () => {
    clearTimeout(again);
    if (source) source.close();
    const since = ear.since();
    source = (window.EventSource ? bySource : byFetch)(since ? `${address}?since=${since}` : address, {
      on() {
        tries = 0;
        ear.state(true);
      },
      off(forGood) {
        ear.state(false);
        if (forGood) again = setTimeout(open, Math.min(1000 * 2 ** tries++, 30000));
      },
      tell: ear.tell,
    });
  };
  const online = () => {
    tries = 0;
    open();
  };
  const offline = () => ear.state(false);
  addEventListener('online', online);
  addEventListener('offline', offline);
  open();
  return {
    close() {
      removeEventListener('online', online);
      removeEventListener('offline', offline);
      clearTimeout(again);
      source.close();
    },
  };
}

function bySource(address, { on, off, tell }) {
  const source = new EventSource(address);
  source.onopen = on;
  source.onerror = () => off(source.readyState === EventSource.CLOSED);
  for (const kind of kinds) source.addEventListener(kind, ({ lastEventId, data }) => tell({ kind, id: lastEventId, data }));
  return source;
}

/** The same for a browser without EventSource: the text of the stream, read as it comes. */
function byFetch(address, { on, off, tell }) {
  let closed = false, reader = null;
  const read = async () => {
    const answer = await fetch(address, { headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
    if (!answer.ok || closed) throw new Error(`No stream: ${answer.status}`);
    reader = answer.body.getReader();
    on();
    const letters = new TextDecoder();
    for (let text = '', last = ''; ;) {
      const { done, value } = await reader.read();
      if (done || closed) return;
      const parts = (text + letters.decode(value, { stream: true })).split('\n\n');
      text = parts.pop();
      for (const part of parts) {
        const field = name => part.split('\n').filter(line => line.startsWith(`${name}:`)).map(line => line.slice(name.length + 1).replace(/^ /, '')).join('\n');
        last = field('id') || last;
        if (kinds.includes(field('event'))) tell({ kind: field('event'), id: last, data: field('data') });
      }
    }
  };
  read().catch(() => {}).then(() => { if (!closed) off(true); });
  return {
    close() {
      closed = true;
      if (reader) reader.cancel().catch(() => {});
    },
  };
}
