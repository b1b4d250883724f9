# mypost_library(name SOURCES a.cpp b.cpp LINK x y)
#   A folder of server/ as the static library mypost_<name>. LINK names the modules (mypost_x) and third-party
#   targets that it may use: the dependency rule of the architecture, checked by the linker.
function(mypost_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(mypost_${name} STATIC ${ARG_SOURCES})
  target_include_directories(mypost_${name} PUBLIC ${PROJECT_SOURCE_DIR}/server)
  target_link_libraries(mypost_${name} PUBLIC ${ARG_LINK})
  mypost_precompile(mypost_${name})
endfunction()

# mypost_tests(name SOURCES a_test.cpp LINK mypost_x [LABELS postgres])
#   One GoogleTest program <name>_tests; ctest runs each case on its own line.
function(mypost_tests name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name}_tests ${ARG_SOURCES})
  target_include_directories(${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name}_tests PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_tests PRIVATE MYPOST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  mypost_precompile(${name}_tests)
  add_test(NAME ${name} COMMAND ${name}_tests)
  set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS "${ARG_LABELS}")
endfunction()

# The headers nearly every file needs, parsed once for all targets.
function(mypost_precompile target)
  if(target STREQUAL "mypost_pch")
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM mypost_pch)
  target_link_libraries(${target} PUBLIC mypost_base)
endfunction()

add_library(mypost_base INTERFACE)
target_link_libraries(mypost_base INTERFACE Threads::Threads Boost::headers Boost::json fmt::fmt tl::expected OpenSSL::SSL OpenSSL::Crypto)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch.cpp CONTENT "// Carrier of the precompiled header.\n")
add_library(mypost_pch STATIC ${CMAKE_BINARY_DIR}/pch.cpp)
target_link_libraries(mypost_pch PUBLIC mypost_base)
target_precompile_headers(mypost_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/pch.hpp)
