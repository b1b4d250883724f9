# Compiler, warnings, sanitizers, ccache and linker: one place for the whole tree.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "GCC before 13 miscompiles coroutines (GCC bug 107288: arguments of a co_await "
                      "expression are destroyed twice). Use clang 19 (./dev does) or GCC 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Said here for libraries and programs alike: CMake would give them -fPIC and -fPIE, which cannot share a precompiled
# header. Every library ends in a program.
add_compile_options(-fPIE)
add_link_options(-pie)

find_program(CCACHE ccache)
if(CCACHE)
  # With a precompiled header ccache hits only with these (and -fno-pch-timestamp below).
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # -Wsign-conversion comes with -Wconversion in C++ only when asked; Asio's templates make it unreadable.
  add_compile_options(-Wno-sign-conversion -fcolor-diagnostics)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-g1)
  if(MYPOST_SANITIZE)
    add_compile_options(-O1)
  endif()
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # One section per function lets the linker drop what nothing calls: idle memory is a promise.
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections)
endif()

if(MYPOST_SANITIZE)
  add_compile_options(-fsanitize=${MYPOST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MYPOST_SANITIZE})
endif()

if(MYPOST_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

add_compile_definitions(
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
