// Result<T>: a value, or the Error that the caller's input or the remote side caused.
#pragma once

#include <tl/expected.hpp>

#include "core/error.hpp"

namespace mypost {

// std::expected's interface; an Error converts implicitly, so `return not_found("Post");` works.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
    using Base = tl::expected<T, Error>;

  public:
    using Base::Base;
    Result(Base base) : Base(std::move(base)) {}
    Result(Error error) : Base(tl::unexpect, std::move(error)) {}
};

template <>
class [[nodiscard]] Result<void> : public tl::expected<void, Error> {
    using Base = tl::expected<void, Error>;

  public:
    using Base::Base;
    Result() = default;
    Result(Base base) : Base(std::move(base)) {}
    Result(Error error) : Base(tl::unexpect, std::move(error)) {}
};

// Nothing to say but that it worked, where a value is required.
struct Done {};

}  // namespace mypost

// In a coroutine: takes the value out of a Result, or returns its error from the coroutine.
//     MP_TRY(post, co_await posts.find(id));
#define MP_TRY(name, expr)                                          \
    auto name##_result = (expr);                                    \
    if (!name##_result) co_return std::move(name##_result).error(); \
    auto& name = *name##_result

// The same for a Result whose value is not needed.
#define MP_CHECK(name, expr)     \
    auto name##_result = (expr); \
    if (!name##_result) co_return std::move(name##_result).error()

// Outside coroutines.
#define MP_TRY_RETURN(name, expr)                                \
    auto name##_result = (expr);                                 \
    if (!name##_result) return std::move(name##_result).error(); \
    auto& name = *name##_result
