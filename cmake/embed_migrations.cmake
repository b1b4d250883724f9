# Writes the SQL files of server/db/migrations into a C++ file.
#   cmake -DFOLDER=… -DOUTPUT=… -P embed_migrations.cmake
# Names are NNNN_name.sql, or the pair NNNN_name.postgres.sql and NNNN_name.sqlite.sql. A number may be used once.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.sql)
list(SORT files)

set(keys "")
foreach(file ${files})
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)(\\.postgres|\\.sqlite)?\\.sql$")
    message(FATAL_ERROR "${file}: migrations are named NNNN_name.sql or NNNN_name.postgres.sql and NNNN_name.sqlite.sql")
  endif()
  set(key "${CMAKE_MATCH_1}_${CMAKE_MATCH_2}")
  set(version "${CMAKE_MATCH_1}")
  if(DEFINED name_of_${version} AND NOT name_of_${version} STREQUAL key)
    message(FATAL_ERROR "Two migrations have the number ${version}: ${name_of_${version}} and ${key}")
  endif()
  set(name_of_${version} ${key})
  list(APPEND keys ${key})
endforeach()
list(REMOVE_DUPLICATES keys)

function(literal out path)
  if(NOT EXISTS ${path})
    set(${out} "{}" PARENT_SCOPE)
    return()
  endif()
  file(READ ${path} sql)
  string(FIND "${sql}" ")~sql~\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${path} holds the end mark of a C++ raw string")
  endif()
  set(${out} "R\"~sql~(${sql})~sql~\"" PARENT_SCOPE)
endfunction()

set(rows "")
foreach(key ${keys})
  string(SUBSTRING ${key} 0 4 version)
  string(SUBSTRING ${key} 5 -1 name)
  literal(shared ${FOLDER}/${key}.sql)
  literal(postgres ${FOLDER}/${key}.postgres.sql)
  literal(sqlite ${FOLDER}/${key}.sqlite.sql)
  if((postgres STREQUAL "{}") AND NOT (sqlite STREQUAL "{}") OR (sqlite STREQUAL "{}") AND NOT (postgres STREQUAL "{}"))
    message(FATAL_ERROR "${key}: both .postgres.sql and .sqlite.sql are needed")
  endif()
  math(EXPR number "1${version} - 10000")
  string(APPEND rows "    Migration{${number}, \"${name}\", ${shared}, ${postgres}, ${sqlite}},\n")
endforeach()

list(LENGTH keys count)
file(WRITE ${OUTPUT}.new "// Generated from server/db/migrations.
#include <array>

#include \"db/migrations/migration.hpp\"

namespace mypost::db {

static constexpr std::array<Migration, ${count}> all{{
${rows}}};

Migrations embedded_migrations() { return all; }

}  // namespace mypost::db
")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
