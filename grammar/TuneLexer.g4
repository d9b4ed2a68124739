// The words of a .tune file. Every byte of the source lands in exactly one token, so that tokens joined are the
// source: blanks and comments are hidden, never skipped, and STRAY takes what nothing else wants.
// The lexer is fed bytes; all bytes above ASCII look to it like DEL: they may stand in strings and comments only, and the table
// that is made of this file (make_tables.cpp) needs 128 columns. Greedy loops only: a table takes the longest word.
// It decides shapes only (digits, then letters); whether 16MxB is a quantity is for lowering to say.
lexer grammar TuneLexer;

// Not in any text. START is put before the path of every setting `path = …` (compiler/syntax/settings.cpp), which is
// what lets every keyword be a setting's name and keeps a mistake from eating the next line. BREAK, which no rule
// takes, is put where a line breaks off (`host` alone), so that the next line's keyword is not taken for its name.
tokens { START, BREAK }

SITE: 'site';
IMPORT: 'import';
LET: 'let';
PROFILE: 'profile';
HOST: 'host';
HOSTS: 'hosts';
POOL: 'pool';
INSTANCE: 'instance';
TYPE: 'type';
POLICY: 'policy';
BUDGET: 'budget';
WAIVE: 'waive';
TEST: 'test';

DOC: 'doc';
INCLUDE: 'include';
WHEN: 'when';
ELSE: 'else';
OVERRIDE: 'override';
UNCHECKED: 'unchecked';
WHERE: 'where';
AVAILABLE: 'available';
DEFAULT: 'default';
BECAUSE: 'because';
OWNER: 'owner';
UNTIL: 'until';
FOR: 'for';
REQUIRE: 'require';
FORBID: 'forbid';
HELP: 'help';
EXPECT: 'expect';
UNIQUE: 'unique';
DISJOINT: 'disjoint';
PER: 'per';
TOTAL: 'total';
PART: 'part';

OR: 'or';
AND: 'and';
NOT: 'not';
WITHIN: 'in';
OF: 'of';
ON: 'on';
BOOL: 'off' | 'true' | 'false';

ID: [a-zA-Z_] [a-zA-Z0-9_]* ('-' [a-zA-Z0-9_]+)*;

INT: D+;
HEX: '0' [xX] H+;
DECIMAL: D+ '.' D+;
QUANTITY: D+ ('.' D+)? [a-zA-Z%] [a-zA-Z0-9_%]*;
VERSION: D+ '.' D+ '.' D+;
DATE: D D D D '-' D D '-' D D;
ADDRESS: V4 | V6;
PREFIX: (V4 | V6) '/' D+;
MAC: H H ':' H H ':' H H ':' H H ':' H H ':' H H;
PCI_ID: D H H H ':' H H H H;  // one that begins with a letter would be `label: value`; it goes in quotes
// A domain of Intel's VMD has five digits. Without a domain, an address that begins with a letter goes in quotes too.
PCI_ADDRESS: H H H H H? ':' H H ':' H H '.' D | D H ':' H H '.' D;

// A hole may hold plain strings of its own, which may not have holes again: so strings stay regular.
STRING: '"' (ESCAPE | HOLE | ~["\\\r\n])* '"';
UNTERMINATED: '"' (ESCAPE | ~["\\\r\n])* '\\'?;

EQUAL: '==';
NOT_EQUAL: '!=';
LESS_EQUAL: '<=';
GREATER_EQUAL: '>=';
LESS: '<';
GREATER: '>';
ASSIGN: '=';
DOTS: '..';
DOT: '.';
COMMA: ',';
COLON: ':';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
AMPERSAND: '&';
LPAREN: '(';
RPAREN: ')';
LBRACKET: '[';
RBRACKET: ']';
LBRACE: '{';
RBRACE: '}';

COMMENT: '#' ~[\r\n]* -> channel(HIDDEN);
BLANK: [ \t\f]+ -> channel(HIDDEN);
NEWLINE: [\r\n] [ \t\f\r\n]* -> channel(HIDDEN);
STRAY: . ;

fragment D: [0-9];
fragment H: [0-9a-fA-F];
fragment H4: H (H (H H?)?)?;
fragment V4: D+ '.' D+ '.' D+ '.' D+;
// No address has so many groups; without an end, a long row of `a:` would be read to its end again from each of its words.
fragment FURTHER: (':' H4 (':' H4 (':' H4 (':' H4)?)?)?)?;
fragment GROUPS: H4 FURTHER FURTHER FURTHER;
fragment BEFORE: (H4 ':' (H4 ':' (H4 ':' (H4 ':')?)?)?)?;
fragment V6:
	GROUPS? '::' GROUPS?
	| '::' BEFORE BEFORE BEFORE V4
	| H4 ':' H4 ':' H4 ':' H4 ':' H4 ':' H4 ':' H4 ':' H4;
fragment ESCAPE: '\\' ~[\r\n];
fragment HOLE: '{' ('"' (ESCAPE | ~["\\{}\r\n])* '"' | ~["\\{}\r\n])* '}';
