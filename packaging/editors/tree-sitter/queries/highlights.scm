; Where two patterns match a node, the later one counts.

(identifier) @constant
(call name: (identifier) @function.call arguments: (_))
(clause head: (call arguments: (arguments . (call name: (identifier) @function))))
(rule head: (call name: (identifier) @function))

; A role is the first argument of a(Role, Id).
((call
  name: (identifier) @_agent
  arguments: (arguments . (call name: (identifier) @function) . (_)))
  (#eq? @_agent "a"))

(annotation "@" @attribute name: (identifier) @attribute)

(comment) @comment
(string) @string
(quoted) @string.special
(number) @number
[(variable) (anonymous)] @variable

["then" "or" "par" "not" "and" "mod"] @keyword
(comparator ["is" "in"] @keyword)
((identifier) @constant.builtin (#any-of? @constant.builtin "null" "true" "false" "fail"))

(arrow) @operator.arrow
["::" "::=" ":-"] @operator.arrow
(comparator ["=" "==" "!=" "\\=" "<" ">" "=<" ">="] @operator)
["∧" "&" "¬" ";" "+" "-" "*" "/" "|"] @operator
["(" ")" "[" "]"] @punctuation.bracket
["," "."] @punctuation.delimiter
