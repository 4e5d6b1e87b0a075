'use strict';

// The extension starts `parley lsp` for texts in LCC. All else is the server's and the
// grammar's.

const { commands, window, workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

async function start() {
  const settings = workspace.getConfiguration('parley');
  const args = ['lsp'];
  if (settings.get('anyHost')) args.push('--any-host');
  client = new LanguageClient(
    'parley',
    'Parley',
    { command: settings.get('command') || 'parley', args },
    { documentSelector: [{ language: 'lcc' }] },
  );
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`Parley did not start: ${error.message}. Set "parley.command" to the command's path.`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running && running.isRunning()) await running.stop();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    commands.registerCommand('parley.restart', async () => {
      await stop();
      await start();
    }),
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration('parley')) return;
      await stop();
      await start();
    }),
  );
  await start();
};

exports.deactivate = stop;
