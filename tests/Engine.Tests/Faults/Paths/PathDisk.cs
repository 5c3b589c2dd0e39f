using Actors.Engine.Tests.Faults.Nth;
using Actors.Engine.Tests.Scenario;

namespace Actors.Engine.Tests.Faults.Paths;

/// <summary>What is on the disk before a command, and a look at it afterwards.</summary>
internal sealed class PathDisk : IDisposable
{
    private const int LargeLength = 140_000;
    private static readonly byte[] Large = Text.Pattern(LargeLength);
    private readonly MemoryDirectory _directory = MemoryDirectory.Create();

    public string Path => System.IO.Path.Combine(_directory.Path, "disk");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Make()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        Directory.CreateDirectory(this["tree/below"]);
        Directory.CreateDirectory(this["empty"]);
        Directory.CreateDirectory(this["other/below"]);
        foreach (var name in new[] { "a", "b", "tree/x", "tree/below/y", "other/x" })
        {
            File.WriteAllText(this[name], $"the old {name}");
        }

        File.WriteAllBytes(this["large"], Large);
        using (var sparse = File.OpenHandle(this["sparse"], FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(sparse, Text.Bytes("in the middle"), 100 << 10);
            RandomAccess.SetLength(sparse, 200 << 10);
        }

        File.CreateSymbolicLink(this["tree/link"], "x");
        File.CreateSymbolicLink(this["link"], "tree");
    }

    /// <summary>Every entry with what it is and holds.</summary>
    public SortedSet<string> Look()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var info in new DirectoryInfo(Path).EnumerateFileSystemInfos("*", new EnumerationOptions
                 {
                     RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None,
                 }))
        {
            var what = info.LinkTarget is { } link ? $"-> {link}"
                : info is DirectoryInfo ? "/"
                : $"= {Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(File.ReadAllBytes(info.FullName)))}";
            seen.Add($"{System.IO.Path.GetRelativePath(Path, info.FullName)} {what}");
        }

        return seen;
    }

    public void Dispose() => _directory.Dispose();
}
