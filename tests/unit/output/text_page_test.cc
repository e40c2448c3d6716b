#include "output/text_page.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace mmsa::output {
namespace {

constexpr std::size_t kWidth = 72;

std::string wrapped(std::string_view text, std::size_t indent = 0, std::size_t hanging = 0) {
  std::string out;
  TextPage(kWidth, false, out).line(indent, text, hanging);
  return out;
}

TEST_CASE("display width counts columns, not octets") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\xc3\xa9") == 1);          // e acute
  CHECK(display_width("e\xcc\x81") == 1);         // e and a combining acute
  CHECK(display_width("\xe6\xb8\xac") == 2);      // a CJK ideograph
  CHECK(display_width("\xf0\x9f\x98\x80") == 2);  // an emoji
}

TEST_CASE("lines are wrapped at spaces and indented") {
  CHECK(wrapped("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccccccccccccc", 2,
                3) ==
        "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbb\n"
        "     ccccccccccccccccccccc\n");
  CHECK(wrapped("") == "\n");
}

TEST_CASE("a line that fits exactly is not wrapped") {
  CHECK(wrapped(std::string(kWidth, 'a')) == std::string(kWidth, 'a') + "\n");
  CHECK(wrapped(std::string(kWidth, 'a') + " b") == std::string(kWidth, 'a') + "\nb\n");
}

TEST_CASE("a reference longer than a line stays whole, on a line of its own") {
  const std::string reference(kWidth + 10, 'a');
  CHECK(wrapped("at " + reference + " in frame 7", 2, 2) ==
        "  at\n    " + reference + "\n    in frame 7\n");
}

TEST_CASE("a word longer than any reference is cut in two") {
  const std::string text = wrapped(std::string(300, 'a'));
  CHECK(text.substr(0, kWidth + 1) == std::string(kWidth, 'a') + "\n");
}

TEST_CASE("a text of many kilobytes is cut, unless everything is asked for") {
  CHECK(wrapped(std::string(1'000'000, 'a')).size() < 2200);
  std::string out;
  TextPage(kWidth, false, out, true).line(0, std::string(10'000, 'a'));
  CHECK(std::count(out.begin(), out.end(), 'a') == 10'000);
}

TEST_CASE("control characters are escaped in lines, tags and cells") {
  std::string out;
  TextPage page(kWidth, false, out);
  page.line(0, "a\x1b[1mb");
  page.tagged_line(0, Style::error, "T\x07", "c\nd");
  Table table({{"x"}});
  table.add_row({"e\xe2\x80\xae"});
  page.table(0, table);
  CHECK(out == "a\\x1b[1mb\nT\\x07 c\\x0ad\nx\ne\\u{202e}\n");
}

TEST_CASE("the columns of a table are aligned") {
  std::string out;
  TextPage page(kWidth, false, out);
  Table table({{"name"}, {"count", Table::Align::right}});
  table.add_row({"a", "1"});
  table.add_row({"longer", "123456"});
  page.table(1, table);
  CHECK(out ==
        " name     count\n"
        " a            1\n"
        " longer  123456\n");
}

TEST_CASE("where a table is too wide, columns that may be dropped are, from the right") {
  std::string out;
  TextPage page(kWidth, false, out);
  Table table({{"figures"},
               {"first", Table::Align::left, Table::Fit::drops},
               {"second", Table::Align::left, Table::Fit::drops},
               {"x"}});
  table.add_row({std::string(30, '1'), std::string(20, 'a'), std::string(20, 'b'), "x"});
  page.table(0, table);
  CHECK(out == "figures" + std::string(25, ' ') + "first" + std::string(17, ' ') + "x\n" +
                   std::string(30, '1') + "  " + std::string(20, 'a') + "  x\n");
}

TEST_CASE("where that does not suffice rows are wrapped lines, and no cell is cut") {
  std::string out;
  TextPage page(kWidth, false, out);
  Table table({{"one"}, {"two", Table::Align::right}});
  table.add_row({std::string(50, '1'), std::string(50, '2')});
  page.table(0, table);
  CHECK(out == "one  two\n" + std::string(50, '1') + "\n    " + std::string(50, '2') + "\n");
}

TEST_CASE("a row with too few cells is filled up") {
  std::string out;
  TextPage page(kWidth, false, out);
  Table table({{"a"}, {"b"}});
  table.add_row({"1"});
  page.table(0, table);
  CHECK(out == "a  b\n1\n");
}

}  // namespace
}  // namespace mmsa::output
