;; Writes the class of each character of each file that is named beside it. Used with
;; emacs --batch -Q -l classes.el FILES: classes_test.go has the letters.
(require 'lcc-mode (expand-file-name "lcc-mode.el" (getenv "LCC_EMACS")))
(require 'seq)

(defconst letters
  '((font-lock-comment-face . ?c) (font-lock-comment-delimiter-face . ?c) (font-lock-string-face . ?s)
    (lcc-number-face . ?n) (font-lock-keyword-face . ?k) (font-lock-variable-name-face . ?v)
    (font-lock-builtin-face . ?a)))

(dolist (name command-line-args-left)
  (with-current-buffer (find-file-noselect name)
    (unless (eq major-mode 'lcc-mode) (error "%s is in %s" name major-mode))
    (font-lock-ensure)
    (let ((classes (mapconcat
                    (lambda (at)
                      (if (eq (char-after at) ?\n) "\n"
                        (string (alist-get (get-text-property at 'face) letters ?.))))
                    (number-sequence (point-min) (1- (point-max))) "")))
      (write-region classes nil (concat name ".classes") nil 'silent))
    (set-buffer-modified-p nil)))
(setq command-line-args-left nil)
