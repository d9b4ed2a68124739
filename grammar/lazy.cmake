# ANTLR reads its automaton before main() begins, which every start of tunec would pay for, and only text with a mistake needs it.
# Here the first parser or lexer that is made does.
get_filename_component(class ${file} NAME_WE)
file(READ ${file} text)
string(REPLACE "${class}::Initializer ${class}::_init;" "" text "${text}")
string(REGEX REPLACE "(Stream \\*input\\) : (Parser|Lexer)\\(input\\) {)" "\\1\n  static const Initializer once;" text "${text}")
if(NOT text MATCHES "static const Initializer once" OR text MATCHES "${class}::_init")
  message(FATAL_ERROR "${file} does not look as ANTLR 4.7 writes it: see grammar/lazy.cmake")
endif()
file(WRITE ${file} "${text}")
