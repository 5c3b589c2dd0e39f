// Node's own asynchronous files, all of them at the same time: lines.mjs write|read DIR FILES LINES
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

async function write(path, lines) {
  const file = await open(path, 'w');
  for (let line = 0; line < lines; line++) {
    await file.write(`This is line ${line} of the file\n`);
  }
  await file.close();
  return {};
}

async function read(path) {
  let lines = 0;
  let bytes = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    lines++;
    bytes += Buffer.byteLength(line) + 1;
  }
  return { lines, bytes };
}

// Not maxRSS, which a program inherits from the one that started it.
async function peakRssBytes() {
  return Number(/^VmHWM:\s*(\d+)/m.exec(await readFile('/proc/self/status', 'utf8'))[1]) * 1024;
}

const [way, directory, files, lines] = process.argv.slice(2);
const work = { write, read }[way];
const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
const results = await Promise.all(
  Array.from({ length: Number(files) }, (_, file) => work(`${directory}/${file}.txt`, Number(lines))));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const used = process.cpuUsage(cpu);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(JSON.stringify({
  seconds,
  cpuUserSeconds: used.user / 1e6,
  cpuSystemSeconds: used.system / 1e6,
  peakRssBytes: await peakRssBytes(),
  figures: way === 'read' ? { lines: sum('lines'), bytes: sum('bytes') } : {},
}));
