// The sentences of a .tune file; README.md beside this file is the same for people. Rules only: no actions, no
// predicates. One token of lookahead decides everywhere but in `argument` and `list` (two): keep it so, because that
// is what makes parsing fast (make_tables.cpp) and messages exact.
// Rules are few and flat on purpose: every rule met is a node of the tree, and a flat loop cannot overflow the stack.
parser grammar TuneParser;
options { tokenVocab = TuneLexer; }

// parse.cpp asks for one declaration at a time, so that the parse tree of a big file never stands in memory whole.
file: declaration* EOF;
declaration: site | importFile | let | profile | host | pool | instanceType | policy | budget | waive | test;
hole: expr EOF;

site: SITE name;
importFile: IMPORT STRING;
let: LET START? name (ASSIGN | DEFAULT) expr;
profile: PROFILE dotted (LPAREN (parameter (COMMA parameter)*)? RPAREN)? body;
parameter: START? name (COLON START? name)? (ASSIGN expr)?;
host: (HOST | HOSTS) pattern body;
pool: POOL name body;
instanceType: INSTANCE TYPE name body;
policy: POLICY name LBRACE clause* RBRACE;
budget: BUDGET name LBRACE (clause | TOTAL expr | PART START? STRING ASSIGN expr)* RBRACE;
clause:
	DOC STRING
	| FOR name (TYPE | OF HOSTS)? (PER expr)? (WHERE expr)?
	| LET START? name ASSIGN expr
	| WHEN expr
	| (REQUIRE | FORBID) expr
	| (UNIQUE | DISJOINT) expr (PER expr)?
	| ELSE (name STRING? | STRING)
	| HELP STRING;
waive: WAIVE waived ON (HOST | HOSTS) pattern term* BECAUSE STRING term*;
waived: dotted | STRING;
term: OWNER STRING | UNTIL DATE;
test: TEST STRING LBRACE (host | expectation)* RBRACE;
expectation: EXPECT expr;

body: LBRACE (doc | include | when | number | assign | forced | block)* RBRACE;
doc: DOC STRING;
include: INCLUDE dotted arguments?;
when: WHEN expr body (ELSE (WHEN expr)? body)*;
number: LET START? name ASSIGN expr;
assign: START part (DOT part)* ASSIGN expr (WHERE AVAILABLE)? (DEFAULT expr)?;
forced: (OVERRIDE | UNCHECKED) START? part (DOT part)* ASSIGN expr (WHERE AVAILABLE)? BECAUSE STRING;
block: head (DOT part)* label? body;
label: name | STRING | INT | QUANTITY | PCI_ADDRESS;

// Flat: compiler/syntax/operators.cpp builds the tree from its table of precedences.
expr: operand ((OR | AND | EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | WITHIN | DOTS | PLUS | MINUS
	| STAR | SLASH | AMPERSAND | OF) operand)*;
operand: (MINUS | NOT)* (literal | head (DOT part)* | DEFAULT | list | LPAREN expr RPAREN);
literal:
	INT | HEX | DECIMAL | QUANTITY | VERSION | DATE | ADDRESS | PREFIX | MAC | PCI_ID | PCI_ADDRESS | ON | BOOL;
list: LBRACKET (expr (COMMA expr)* COMMA?)? RBRACKET;
head: (word | STRING) arguments?;
part: (name | STRING) arguments?;
arguments: LPAREN (argument (COMMA argument)*)? RPAREN;
argument: name COLON expr | expr (FOR name (WHERE expr)?)?;

// Blanks inside are for lowering to refuse.
pattern: (name | STAR | INT | DECIMAL | QUANTITY) (word | INT | DECIMAL | QUANTITY | STAR | MINUS | DOT | LBRACKET INT DOTS INT RBRACKET)*;

dotted: name (DOT name)*;
// What can begin an expression or a block: the keywords that mean nothing there.
word:
	ID | SITE | IMPORT | PROFILE | HOST | HOSTS | POOL | INSTANCE | TYPE | POLICY | BUDGET | WAIVE | TEST | AVAILABLE | HELP
	| UNIQUE | DISJOINT | PER | TOTAL | PART;
name:
	ID | SITE | IMPORT | LET | PROFILE | HOST | HOSTS | POOL | INSTANCE | TYPE | POLICY | BUDGET | WAIVE | TEST | AVAILABLE | HELP
	| UNIQUE | DISJOINT | PER | TOTAL | PART
	| DOC | INCLUDE | WHEN | ELSE | OVERRIDE | UNCHECKED | WHERE | DEFAULT | BECAUSE | OWNER | UNTIL | FOR | REQUIRE | FORBID
	| EXPECT | OR | AND | NOT | WITHIN | OF | ON | BOOL;
