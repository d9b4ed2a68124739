# What `cmake --install` puts where. The program carries profiles and stdlib inside; the copies under share/ are to be read.
include(GNUInstallDirs)
install(TARGETS tunec RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${generated}/tunec.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/tunec.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tunec)
install(FILES ${generated}/tunec.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _tunec)
install(FILES ${generated}/tunec.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/profiles ${PROJECT_SOURCE_DIR}/stdlib DESTINATION ${CMAKE_INSTALL_DATADIR}/tunec
        FILES_MATCHING PATTERN "*.tune" PATTERN "*.yaml" PATTERN "*.json" PATTERN "*.md")
