// Answers SQL over ndjson: reads {"sql": [..], "folder": ".."} from standard input, prints the rows
// of each statement as JSON. Run with the folder that holds node_modules as argument.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';

const require = createRequire(join(process.argv[2], 'package.json'));
const {DuckDBInstance} = require('@duckdb/node-api');

const asked = JSON.parse(readFileSync(0, 'utf8'));
process.chdir(asked.folder);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const answers = [];
for (const statement of asked.sql) {
  const reader = await connection.runAndReadAll(statement);
  answers.push(reader.getRowsJson());
}
process.stdout.write(JSON.stringify(answers));
