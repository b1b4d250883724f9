#pragma once

#include <libpq-fe.h>

#include "db/database.hpp"

namespace mypost::db::postgres {

// The rows of a result in text format, by the columns' types: bool → 0/1; int2, int4, int8, oid → integer;
// float4, float8 → real; numeric → integer when it is whole and fits (sum of BIGINT), else real; bytea →
// bytes; all else text.
Rows decode(PGresult const* result);

}  // namespace mypost::db::postgres
