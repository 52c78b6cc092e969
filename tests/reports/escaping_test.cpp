#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/html/sha256.h"
#include "reports/markup.h"
#include "reports/render.h"
#include "reports/visible.h"
#include "tests/reports/golden.h"
#include "tests/reports/sample_run.h"

namespace chicane::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Visible, PlainTextStaysAsItIs) { EXPECT_EQ(visible("naïve – Ωμέγα ✓ 漢字"), "naïve – Ωμέγα ✓ 漢字"); }

TEST(Visible, ControlCharactersBecomeTheirPictures) {
  EXPECT_EQ(visible(std::string_view("a\x1b[31m\0b\x7f", 9)), "a␛[31m␀b␡");
}

TEST(Visible, NewlinesAreSpacesInALineAndStayInABlock) {
  EXPECT_EQ(visible("a\n\tb"), "a  b");
  EXPECT_EQ(visible("a\n\tb", Layout::block), "a\n\tb");
}

TEST(Visible, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(visible("a\xff z"), "a\xEF\xBF\xBD z");
  EXPECT_EQ(visible("\xc0\xaf"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
  EXPECT_EQ(visible("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(visible("\xf4\x90\x80\x80").find("\xf4"), std::string::npos);      // beyond U+10FFFF
  EXPECT_EQ(visible("\xe2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // cut off
}

TEST(Visible, MarksThatReorderOrHideTextAreNamed) {
  EXPECT_EQ(visible("a\xe2\x80\xae"
                    "b"),
            "a[U+202E]b");
  EXPECT_EQ(visible("\xe2\x81\xa6\xef\xbb\xbf\xe2\x80\x8b"), "[U+2066][U+FEFF][U+200B]");
  EXPECT_EQ(visible("\xc2\x85\xef\xbf\xbe"), "[U+0085][U+FFFE]");
}

TEST(Visible, ColumnsCountWhatATerminalShows) {
  EXPECT_EQ(columns("µs ✓"), 4u);
  EXPECT_EQ(columns("漢字"), 4u);
  EXPECT_EQ(columns("e\xcc\x81"), 1u);
}

TEST(Markup, TextAndAttributesAreEscaped) {
  Markup html(Markup::Language::html);
  html.leaf("p", {{"title", "\"'<&>"}}, "\"'<&>");
  EXPECT_EQ(std::move(html).take(), "<p title=\"&quot;&#39;&lt;&amp;&gt;\">&quot;&#39;&lt;&amp;&gt;</p>");
}

TEST(Markup, ElementsCloseInTheOrderTheyWereOpened) {
  Markup html(Markup::Language::html);
  {
    const auto outer = html.element("ul");
    const auto inner = html.element("li");
    html.text("x");
  }
  EXPECT_EQ(std::move(html).take(), "<ul><li>x</ul>");  // the list's end is the item's
  Markup xml(Markup::Language::xml);
  {
    const auto outer = xml.element("ul");
    xml.leaf("li", "x");
  }
  EXPECT_EQ(std::move(xml).take(), "<ul><li>x</li></ul>");
}

TEST(Markup, AParagraphIsEndedByWhatFollows) {
  Markup html(Markup::Language::html);
  {
    const auto cell = html.element("td");
    html.paragraph("a < b");
    html.paragraph("c", {{"title", "d"}});
  }
  EXPECT_EQ(std::move(html).take(), "<td><p>a &lt; b<p title=d>c");
}

TEST(Markup, NamesMayBreakBehindTheirScopesAndWords) {
  Markup html(Markup::Language::html);
  html.names("data_race on ring<T>::slots, a: b, __c__");
  EXPECT_EQ(std::move(html).take(), "data_<wbr>race on ring&lt;T&gt;::<wbr>slots, a: b, __<wbr>c__");
}

TEST(Markup, OnlyHtmlLeavesQuotesOutAndOnlyWhereTheyAreNotNeeded) {
  Markup html(Markup::Language::html);
  html.leaf("a", {{"id", "f-3"}, {"href", "#s1/x.y:2"}}, "");
  for (const auto* value : {"", "a b", "a=b", "a'b", "a>b", "a`b", "a/", "é", "a&b"})
    html.leaf("p", {{"title", value}}, "");
  EXPECT_EQ(std::move(html).take(),
            "<a id=f-3 href=#s1/x.y:2></a><p title=\"\"></p><p title=\"a b\"></p><p title=\"a=b\"></p>"
            "<p title=\"a&#39;b\"></p><p title=\"a&gt;b\"></p><p title=\"a`b\"></p><p title=\"a/\"></p>"
            "<p title=\"é\"></p><p title=\"a&amp;b\"></p>");
  Markup xml(Markup::Language::xml);
  xml.leaf("a", {{"id", "f"}}, "");
  EXPECT_EQ(std::move(xml).take(), "<a id=\"f\"></a>");
}

TEST(Sha256, AgreesWithThePublishedVectors) {  // FIPS 180-4's examples, in base64
  EXPECT_EQ(policy_hash("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
  EXPECT_EQ(policy_hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
  EXPECT_EQ(policy_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "'sha256-JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE='");
  EXPECT_EQ(policy_hash(std::string(1'000'000, 'a')), "'sha256-zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA='");
}

// What a run brings must not become markup: of the page's own scripts there are two.
TEST(HostileRun, HtmlHoldsNoMarkupOfTheRun) {
  const auto html = sample::without_assets(render_html(sample::hostile_run()));
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html,
              HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=&#39;x()&#39; &amp;amp; ]]&gt;"));
  const std::regex script("<script");
  EXPECT_EQ(std::distance(std::sregex_iterator(html.begin(), html.end(), script), {}), 2);
  for (const auto* hidden : {"\x1b", "\x01", "\x7f", "\xff", "\xc3\x28", "\xe2\x80\xae", "\xef\xbf\xbe"})
    EXPECT_THAT(html, Not(HasSubstr(hidden)));
}

TEST(HostileRun, JunitHoldsOnlyCharactersThatXmlAllows) {
  const auto xml = render_junit(sample::hostile_run());
  EXPECT_THAT(xml, Not(HasSubstr("<script")));
  for (const auto* hidden : {"\x1b", "\x01", "\xff", "\xc3\x28", "\xef\xbf\xbe", "]]>"})
    EXPECT_THAT(xml, Not(HasSubstr(hidden)));
}

TEST(HostileRun, ConsoleSendsNothingToTheTerminalThatIsNotItsOwn) {
  const auto text = render_console(sample::hostile_run(), {});
  for (const auto* hidden : {"\x1b", "\x01", "\x7f", "\xff", "\xe2\x80\xae"}) EXPECT_THAT(text, Not(HasSubstr(hidden)));
}

}  // namespace
}  // namespace chicane::reports
