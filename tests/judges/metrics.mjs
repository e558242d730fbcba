// Parses a text in Prometheus' format (standard input) with parse-prometheus-text-format; prints its families as JSON, or what is wrong.
import { readFileSync } from 'node:fs';
import parse from 'parse-prometheus-text-format';

try {
  console.log(JSON.stringify({ families: parse(JSON.parse(readFileSync(0, 'utf8'))) }));
} catch (error) {
  console.log(JSON.stringify({ error: error.message }));
}
