using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Actors.Engine.Tests.Structure;

/// <summary>The project's source files, as they were built.</summary>
internal static partial class SourceTree
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(ThisDirectory(), "..", "..", ".."));

    /// <summary>The C# files below a folder, with their paths from the root of the repository.</summary>
    public static IReadOnlyList<SourceFile> Below(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !Built().IsMatch(path))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllLines(Path.Combine(Root, path)))),
    ];

    /// <summary>README.md and the pages of docs/, with their paths from the root of the repository.</summary>
    public static IReadOnlyList<string> Pages() =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
            .Select(path => $"docs/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal),
    ];

    public static string TextOf(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static void Write(string path, string text) => File.WriteAllText(Path.Combine(Root, path), text);

    /// <summary>Whether there is a file or directory.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>The path from the root of what a page links to.</summary>
    public static string Resolve(string page, string target) => Path
        .GetRelativePath(Root, Path.GetFullPath(Path.Combine(Root, Path.GetDirectoryName(page)!, target)))
        .Replace('\\', '/');

    private static string ThisDirectory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("/(?:obj|bin)/")]
    private static partial Regex Built();

    /// <summary>A file, and its lines without comments.</summary>
    internal sealed partial record SourceFile(string Path, IReadOnlyList<string> Lines)
    {
        public IEnumerable<string> Code => Lines.Select(line => Comment().Replace(line, ""));

        /// <summary>The lines whose code matches, with where they are.</summary>
        public IEnumerable<string> Matches(Regex pattern) => Code
            .Select((line, index) => (line, index))
            .Where(entry => pattern.IsMatch(entry.line))
            .Select(entry => $"{Path}:{entry.index + 1}: {entry.line.Trim()}");

        [GeneratedRegex(@"//.*$")]
        private static partial Regex Comment();
    }
}
