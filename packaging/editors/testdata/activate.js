// Activates a packed extension with a module in the place of the editor's: prints the
// command that it registers, the server that it starts, and for which language.
'use strict';
const Module = require('node:module');

const made = (name) => new Proxy(class {}, { get: (target, key) => (key in target ? target[key] : made(key)) });
const editor = new Proxy(
  {
    version: '1.82.0',
    commands: { registerCommand: (name) => console.log(name) },
    workspace: {
      getConfiguration: () => ({ get: (key) => ({ command: 'parley', anyHost: true })[key] }),
      onDidChangeConfiguration: () => ({}),
    },
  },
  { get: (target, key) => (key in target ? target[key] : made(key)) },
);
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? editor : load(name, ...rest));

const client = require(require.resolve('vscode-languageclient/node', { paths: [process.argv[2]] }));
// What the client does with an editor is its own matter.
client.LanguageClient.prototype.registerBuiltinFeatures = () => {};
client.LanguageClient.prototype.start = async function start() {
  const { command, args } = this._serverOptions;
  console.log([command, ...args].join(' '));
  console.log(this.clientOptions.documentSelector[0].language);
};
require(process.argv[2]).activate({ subscriptions: [] });
