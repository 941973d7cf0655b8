#!/bin/sh
# SPDX-License-Identifier: ISC
# node-nut of npm, which ioBroker and Homebridge use, reads what our upsc reads.
. "$(dirname "$0")/lib.sh"

[ -d "$OTHERS/node_modules/node-nut" ] || skip "node-nut is not to be had here"
command -v node >/dev/null || skip "no node here"
demo
all=$(steady upsc "qnapups@127.0.0.1:$port")
NODE_PATH=$OTHERS/node_modules node - "$port" "$dir/values" >"$dir/said" 2>&1 <<'JS' ||
const Nut = require('node-nut');
const [port, file] = process.argv.slice(2);
const nut = new Nut(Number(port), '127.0.0.1');
const ask = (name, ...args) => new Promise((resolve, reject) =>
  nut[name](...args, (answer, error) => (error ? reject(error) : resolve(answer))));
const tell = (name, ...args) => new Promise((resolve, reject) =>
  nut[name](...args, (error) => (error ? reject(error) : resolve())));

async function talk() {
  const values = await ask('GetUPSVars', 'qnapups');
  require('fs').writeFileSync(file,
    Object.keys(values).map((name) => `${name}: ${values[name]}\n`).join(''));
  console.log('ups', ...Object.keys(await ask('GetUPSList')));
  console.log('command', (await ask('GetUPSCommands', 'qnapups')).includes('beeper.disable'));
  console.log('settable', 'battery.charge.low' in await ask('GetRWVars', 'qnapups'));
  console.log('type', await ask('GetVarType', 'qnapups', 'battery.charge.low'));
  await tell('SetUsername', 'admin');
  await tell('SetPassword', '123456');
  await tell('SetRWVar', 'qnapups', 'battery.charge.low', '23');
  await tell('RunUPSCommand', 'qnapups', 'beeper.disable');
  nut.close();
}

function fail(error) {
  console.log(`error ${error}`);
  process.exit(1);
}

nut.on('error', fail);
nut.on('ready', () => talk().catch(fail));
nut.start();
JS
	die "$(cat "$dir/said")"
same "what node-nut said" "$(cat "$dir/said")" "ups qnapups
command true
settable true
type NUMBER"
same "GetUPSVars" "$(steady cat "$dir/values")" "$all"
same "battery.charge.low" "$(value battery.charge.low)" 23
wait_for is ups.beeper.status disabled || die "the beeper is $(value ups.beeper.status)"
