;;; lcc-mode.el --- Interaction models in LCC  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, comments and imenu for interaction models in LCC.  Eglot and lsp-mode start
;; "parley lsp", which has the rest.

;;; Code:

(defgroup lcc nil
  "Interaction models in LCC."
  :group 'languages)

(defcustom lcc-server-command '("parley" "lsp")
  "The command that serves models, with its arguments."
  :type '(repeat string)
  :group 'lcc)

(defvar lcc-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\' "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?% "< b" table)
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (dolist (sign '(?+ ?- ?= ?< ?> ?& ?| ?: ?! ?\; ?, ?. ?@ ?∧ ?¬ ?← ?⇒ ?⇐))
      (modify-syntax-entry sign "." table))
    table)
  "What the characters of a model in LCC are.")

(defconst lcc-font-lock-keywords
  `((,(rx (or "<--" "<-" "←" "⇒" "<=" "⇐" "::=" "::" ":-")) . font-lock-builtin-face)
    (,(rx (or bol (not (any "="))) (group "=>")) 1 font-lock-builtin-face) ; "==>" is "==" and ">"
    (,(rx symbol-start (or "then" "or" "par" "not" "and" "is" "in" "mod") symbol-end) . font-lock-keyword-face)
    (,(rx symbol-start (or "null" "true" "false" "fail") symbol-end) . font-lock-constant-face)
    (,(rx symbol-start (or (seq (any "A-Z") (* (any "A-Za-z0-9_"))) (seq "_" (* (any "A-Za-z0-9_")))))
     . font-lock-variable-name-face)
    ;; Emacs before version 29 has no face for numbers.
    (,(rx symbol-start (+ digit) (? "." (+ digit)) (? (any "eE") (? (any "+-")) (+ digit)) symbol-end)
     . 'lcc-number-face)
    (,(rx "@" (* (any " \t")) (any "a-z") (* (any "A-Za-z0-9_"))) . font-lock-preprocessor-face)
    (,(rx symbol-start "a" (* (any " \t")) "(" (* (any " \t")) (group (any "a-z") (* (any "A-Za-z0-9_"))))
     1 font-lock-type-face)
    (,(rx symbol-start (group (any "a-z") (* (any "A-Za-z0-9_"))) (* (any " \t")) "(")
     1 font-lock-function-name-face))
  "What is coloured in a model.")

(defface lcc-number-face '((t :inherit font-lock-constant-face))
  "Numbers."
  :group 'lcc)

(defvar lcc-imenu-generic-expression
  '(("Roles" "^[ \t]*a[ \t]*([ \t]*\\([a-z][A-Za-z0-9_]*\\).*::" 1)
    ("Rules" "^[ \t]*\\([a-z][A-Za-z0-9_]*\\).*:-" 1))
  "The roles and the rules of a model.")

;;;###autoload
(define-derived-mode lcc-mode prog-mode "LCC"
  "Interaction models in LCC."
  (setq-local comment-start "% ")
  (setq-local comment-start-skip "\\(?:%+\\|//+\\|/\\*+\\)[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 4)
  (setq-local imenu-generic-expression lcc-imenu-generic-expression)
  (setq-local font-lock-defaults '(lcc-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.lcc\\'" . lcc-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `(lcc-mode . ,(lambda (&rest _) lcc-server-command))))

(declare-function lsp-register-client "ext:lsp-mode")
(declare-function make-lsp-client "ext:lsp-mode")
(declare-function lsp-stdio-connection "ext:lsp-mode")
(declare-function lsp-activate-on "ext:lsp-mode")
(defvar lsp-language-id-configuration)
(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(lcc-mode . "lcc"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () lcc-server-command))
                    :activation-fn (lsp-activate-on "lcc")
                    :server-id 'parley)))

(provide 'lcc-mode)
;;; lcc-mode.el ends here
