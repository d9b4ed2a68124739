# What `cmake --install` puts where. The program carries profiles and stdlib inside; the copies under share/ are to be read.
include(GNUInstallDirs)
install(TARGETS tunec RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/tunec.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/completions/tunec.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME tunec)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/profiles ${PROJECT_SOURCE_DIR}/stdlib DESTINATION ${CMAKE_INSTALL_DATADIR}/tunec
        FILES_MATCHING PATTERN "*.tune" PATTERN "*.yaml" PATTERN "*.json" PATTERN "*.md")
