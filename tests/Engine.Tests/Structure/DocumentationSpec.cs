using System.Text.RegularExpressions;
using Xunit;

namespace Actors.Engine.Tests.Structure;

/// <summary>The pages: what they link to is there, every public type is found from docs/index.md, and no row of
/// docs/from-python.md leaves a question open.</summary>
public sealed partial class DocumentationSpec
{
    private const string Index = "docs/index.md";

    public static TheoryData<string> Pages => [.. SourceTree.Pages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Relative_links_lead_to_files(string page) =>
        Assert.DoesNotContain(LinksOf(page), target => !SourceTree.Exists(target));

    [Fact]
    public void Every_public_type_is_named_in_the_index_or_a_page_that_it_links_to()
    {
        var pages = LinksOf(Index).Where(link => link.EndsWith(".md", StringComparison.Ordinal)).Append(Index).Distinct();
        var named = Word().Matches(string.Concat(pages.Select(SourceTree.TextOf)))
            .Select(word => word.Value).ToHashSet();
        Assert.Empty(
            from type in typeof(FileEngine).Assembly.GetExportedTypes()
            where !named.Contains(type.Name)
            select type.FullName);
    }

    [Fact]
    public void The_index_links_each_type_to_the_file_that_defines_it() => Assert.Empty(
        from Match link in TypeLink().Matches(SourceTree.TextOf(Index))
        let type = link.Groups[1].Value
        let file = SourceTree.Resolve(Index, link.Groups[2].Value)
        where !Regex.IsMatch(SourceTree.TextOf(file), $@"\b(?:class|record|struct|enum)\s+{type}\b")
        select link.Value);

    [Fact]
    public void Every_call_of_Python_has_a_counterpart_or_a_reason()
    {
        var rows = SourceTree.TextOf("docs/from-python.md").Split('\n')
            .Where(line => line.StartsWith('|'))
            .Select(line => Cell().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()).ToArray())
            .ToArray();
        Assert.NotEmpty(rows);
        Assert.Empty(rows.Where(row => row.Length != 3).Select(row => string.Join('|', row)));
        Assert.Empty(
            from row in rows
            where row[0].Length == 0 || row[1].Length == 0 || (row[1].StartsWith("none", StringComparison.Ordinal)
                && row[2].Length == 0)
            select string.Join('|', row));
    }

    /// <summary>The files that a page links to, from the root of the repository.</summary>
    private static IEnumerable<string> LinksOf(string page) =>
        from Match link in Link().Matches(Fence().Replace(SourceTree.TextOf(page), ""))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
        select SourceTree.Resolve(page, target);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[`(\w+)`\]\(([^)]+\.cs)\)")]
    private static partial Regex TypeLink();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();
}
