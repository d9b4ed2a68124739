# CPack gives directories the modes that the umask leaves, and counts them in Installed-Size as large as the file system does. So
# dpkg-deb packs each package again, with modes and a size that depend on its content alone.
find_program(DPKG_DEB dpkg-deb REQUIRED)
set(tree ${CPACK_TEMPORARY_DIRECTORY}/finish)
foreach(package ${CPACK_PACKAGE_FILES})
  file(REMOVE_RECURSE ${tree})
  execute_process(COMMAND ${DPKG_DEB} --raw-extract ${package} ${tree} COMMAND_ERROR_IS_FATAL ANY)
  set(kilobytes 0)
  file(GLOB_RECURSE paths LIST_DIRECTORIES true RELATIVE ${tree} ${tree}/*)
  foreach(path ${paths})
    if(IS_DIRECTORY ${tree}/${path})
      file(CHMOD ${tree}/${path} DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
      math(EXPR kilobytes "${kilobytes} + 1")  # as dpkg-gencontrol(1) counts
    elseif(NOT path MATCHES "^DEBIAN/")
      file(SIZE ${tree}/${path} bytes)
      math(EXPR kilobytes "${kilobytes} + (${bytes} + 1023) / 1024")
    endif()
  endforeach()
  file(READ ${tree}/DEBIAN/control control)
  string(REGEX REPLACE "Installed-Size: [0-9]+" "Installed-Size: ${kilobytes}" control "${control}")
  file(WRITE ${tree}/DEBIAN/control "${control}")
  file(CHMOD_RECURSE ${tree}/DEBIAN FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
       DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  execute_process(COMMAND ${DPKG_DEB} --root-owner-group --threads-max=1 -Z${CPACK_TUNEC_COMPRESSION} --build ${tree} ${package}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(REMOVE_RECURSE ${tree})
