# What `cmake --install` puts where; compiler/packaging/ adds the manual pages and makes Debian
# packages. The program carries profiles and stdlib inside; the copies under share/ are to be read.
include(GNUInstallDirs)
install(TARGETS tunec RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tunec)
install(FILES ${generated}/tunec.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tunec COMPONENT tunec)
install(FILES ${generated}/tunec.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _tunec COMPONENT tunec-local)
install(FILES ${generated}/tunec.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tunec)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/profiles ${PROJECT_SOURCE_DIR}/stdlib DESTINATION ${CMAKE_INSTALL_DATADIR}/tunec COMPONENT tunec
        FILES_MATCHING PATTERN "*.tune" PATTERN "*.yaml" PATTERN "*.json" PATTERN "*.md"
        PATTERN harvest EXCLUDE)
