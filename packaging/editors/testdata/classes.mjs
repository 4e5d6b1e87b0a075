// Writes the class of each character of each file that is named beside it, by the TextMate
// grammar: node classes.mjs NODE_MODULES GRAMMAR FILES. classes_test.go has the letters.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, grammarFile, ...files] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const letters = [
  ['comment.', 'c'],
  ['string.', 's'],
  ['constant.numeric.', 'n'],
  ['keyword.control.', 'k'],
  ['keyword.operator.word.', 'k'],
  ['variable.', 'v'],
  ['keyword.operator.arrow.', 'a'],
];
const letter = (scopes) => {
  for (const scope of scopes)
    for (const [prefix, class_] of letters) if (scope.startsWith(prefix)) return class_;
  return '.';
};

await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')).buffer);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile),
});
const grammar = await registry.loadGrammar('source.lcc');
for (const file of files) {
  let state = textmate.INITIAL;
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => letter(scopes).repeat([...line.slice(startIndex, endIndex)].length))
      .join('')
      .slice(0, [...line].length); // the last token has the end of the line
  });
  writeFileSync(`${file}.classes`, lines.join('\n'));
}
