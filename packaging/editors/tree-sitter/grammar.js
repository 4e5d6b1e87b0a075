/**
 * LCC, the language of interaction models, as docs/language.md describes it (2.1 and 2.2).
 * A parser by this grammar is for editors: it accepts every text that parley check can
 * read, and some that it cannot.
 */

// listed is one or more of a rule, with a separator between them.
const listed = (rule, separator) => seq(rule, repeat(seq(separator, rule)));

// joined is two or more of a rule, with a separator between them.
const joined = (rule, separator) => seq(rule, repeat1(seq(separator, rule)));

// compound is the arguments of a call: parentheses with or without anything in them.
const compound = (rule) => seq('(', optional(listed(rule, ',')), ')');

module.exports = grammar({
  name: 'lcc',

  word: ($) => $.identifier,

  extras: ($) => [/[ \t\r\n\u00a0\u2000-\u200b\ufeff]/, $.comment],

  supertypes: ($) => [$.term],

  rules: {
    source_file: ($) => repeat($._item),

    _item: ($) => seq(choice($.annotation, $.clause, $.rule, $.fact), optional('.')),

    annotation: ($) => seq('@', field('name', $.identifier), optional(field('arguments', $.annotation_arguments))),
    annotation_arguments: ($) => compound(choice($.annotation, $._sum)),

    clause: ($) => seq(field('head', $.call), choice('::', '::='), field('body', $._definition)),
    rule: ($) => seq(field('head', $.call), ':-', field('body', $._definition)),
    fact: ($) => $.call,

    // What a role does. Parentheses may hold a definition anywhere: only the arrow behind
    // them shows what they mean.
    _definition: ($) => choice($.sequence, $._alternative),
    sequence: ($) => joined($._alternative, 'then'),
    _alternative: ($) => choice($.choice, $._part),
    choice: ($) => joined($._part, 'or'),
    _part: ($) => choice($.parallel, $._step),
    parallel: ($) => joined($._step, 'par'),
    _step: ($) => choice($.event, $._constraint),
    event: ($) => seq($._constraint, repeat1(seq($.arrow, $._constraint))),
    arrow: (_) => choice('<-', '<--', '←', '=>', '⇒', '<=', '⇐'),

    _constraint: ($) => choice($.disjunction, $._conjunct),
    disjunction: ($) => joined($._conjunct, ';'),
    _conjunct: ($) => choice($.conjunction, $._literal),
    conjunction: ($) => joined($._literal, choice('and', '∧', '&', ',')),
    _literal: ($) => choice($.negation, $._comparison),
    negation: ($) => seq(choice('not', '¬'), $._literal),
    _comparison: ($) => choice($.comparison, $._sum),
    comparison: ($) => seq($._sum, field('operator', $.comparator), $._sum),
    comparator: (_) => choice('=', '==', '!=', '\\=', '<', '>', '=<', '>=', 'is', 'in'),

    _sum: ($) => choice($.sum, $._product),
    sum: ($) => joined($._product, choice('+', '-')),
    _product: ($) => choice($.product, $._unary),
    product: ($) => joined($._unary, choice('*', '/', 'mod')),
    _unary: ($) => choice($.minus, $.term),
    minus: ($) => seq('-', $._unary),

    term: ($) => choice($.group, $.number, $.string, $.variable, $.anonymous, $.list, $.call),
    group: ($) => seq('(', $._definition, ')'),
    list: ($) => seq('[', optional(seq(listed($._sum, ','), optional(seq('|', field('tail', $._sum))))), ']'),
    call: ($) => seq(field('name', choice($.identifier, $.quoted)), optional(field('arguments', $.arguments))),
    // An argument may be a constraint; a comma within it needs parentheses.
    arguments: ($) => compound($._argument),
    _argument: ($) => choice(alias($._argument_disjunction, $.disjunction), $._argument_conjunct),
    _argument_disjunction: ($) => joined($._argument_conjunct, ';'),
    _argument_conjunct: ($) => choice(alias($._argument_conjunction, $.conjunction), $._literal),
    _argument_conjunction: ($) => joined($._literal, choice('and', '∧', '&')),

    number: (_) => /\d+\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+/,
    string: (_) => /"(\\.|[^"\\\n])*"/,
    quoted: (_) => /'(\\.|[^'\\\n])*'/,
    variable: (_) => /[A-Z][A-Za-z0-9_]*|_[A-Za-z0-9_]+/,
    anonymous: (_) => '_',
    identifier: (_) => /[a-z][A-Za-z0-9_]*/,

    comment: (_) => token(choice(/%[^\n]*/, /\/\/[^\n]*/, /\/\*[^*]*\*+([^\/*][^*]*\*+)*\//)),
  },
});
