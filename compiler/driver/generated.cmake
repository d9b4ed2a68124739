# Completions and the manual page, made from the data of the commands by the program itself.
set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
foreach(part bash zsh fish man)
  add_custom_command(OUTPUT ${generated}/tunec.${part} DEPENDS tunec VERBATIM
                     COMMAND sh -c "\"$1\" generate ${part} > \"$2\"" sh $<TARGET_FILE:tunec> ${generated}/tunec.${part})
endforeach()
# Puts the commands in the place of the line @COMMANDS@.
add_custom_command(OUTPUT ${generated}/tunec.1 DEPENDS ${generated}/tunec.man ${CMAKE_CURRENT_LIST_DIR}/tunec.1.in VERBATIM
                   COMMAND sh -c "sed -e \"/^@COMMANDS@/{r $1\" -e \"d;}\" \"$2\" > \"$3\"" sh
                           ${generated}/tunec.man ${CMAKE_CURRENT_LIST_DIR}/tunec.1.in ${generated}/tunec.1)
add_custom_target(tunec_generated ALL DEPENDS ${generated}/tunec.bash ${generated}/tunec.zsh ${generated}/tunec.fish ${generated}/tunec.1)
