# Installs the locked packages in WORK_DIR and copies the browser's bundle to OUTPUT.
find_program(NPM npm)
if(NOT NPM)
  message(FATAL_ERROR "npm is needed to build the pages (Debian: apt install npm)")
endif()
file(MAKE_DIRECTORY "${WORK_DIR}")
foreach(name package.json package-lock.json .npmrc)
  configure_file("${SOURCE_DIR}/${name}" "${WORK_DIR}/${name}" COPYONLY)
endforeach()
execute_process(
  COMMAND "${NPM}" ci --ignore-scripts --omit=dev --prefer-offline
  WORKING_DIRECTORY "${WORK_DIR}"
  OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "npm could not install socket.io-client:\n${said}")
endif()
file(READ "${WORK_DIR}/node_modules/socket.io-client/dist/socket.io.esm.min.js" bundle)
# Its source map is not served.
string(REGEX REPLACE "\n//# sourceMappingURL=[^\n]*" "" bundle "${bundle}")
file(WRITE "${OUTPUT}" "${bundle}")
