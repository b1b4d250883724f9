#include "sandbox/framework/people.hpp"

namespace mypost::sandbox {

namespace {

constexpr Person everybody[] = {
    {"ann", "keller", "Ann Keller"},
    {"ben", "okafor", "Ben Okafor"},
    {"carla", "rossi", "Carla Rossi"},
    {"david", "novak", "David Novák"},
    {"elif", "demir", "Elif Demir"},
    {"farid", "haddad", "Farid Haddad"},
    {"grace", "lin", "Grace Lin"},
    {"hugo", "martin", "Hugo Martin"},
    {"ines", "costa", "Inês Costa"},
    {"jonas", "berg", "Jonas Berg"},
    {"kemi", "adeyemi", "Kemi Adeyemi"},
    {"leo", "tanaka", "Leo Tanaka"},
    {"mara", "silva", "Mara Silva"},
    {"nora", "lind", "Nora Lind"},
    {"omar", "aziz", "Omar Aziz"},
    {"priya", "nair", "Priya Nair"},
    {"quentin", "roux", "Quentin Roux"},
    {"rosa", "alvarez", "Rosa Álvarez"},
    {"sven", "holm", "Sven Holm"},
    {"tara", "walsh", "Tara Walsh"},
    {"umar", "khan", "Umar Khan"},
    {"vera", "petrova", "Vera Petrova"},
    {"wen", "zhao", "Wen Zhao"},
    {"yuki", "mori", "Yuki Mori"},
    {"harbour", "coffee", "Harbour Coffee", true},
    {"fern", "field", "Fern & Field Studio", true},
};

}  // namespace

std::span<Person const> people() {
    return everybody;
}

}  // namespace mypost::sandbox
