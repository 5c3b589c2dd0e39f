using Actors.Engine.Tests.Scenario;

namespace Actors.Engine.Tests.Faults.Paths;

/// <summary>A command on paths, in a directory that <see cref="PathDisk"/> has made.</summary>
/// <param name="Name">For people.</param>
/// <param name="RunAsync">Performs it; what it answers, if that is more than that it was performed.</param>
/// <param name="InParts">Whether it is several changes, of which some may have been made when it fails.</param>
internal sealed record PathCommand(string Name, Func<FileEngine, PathDisk, Task<string>> RunAsync, bool InParts = false)
{
    private const string NotDeleted = "made, not deleted";

    /// <summary>Whether a temporary name is what the caller asked for.</summary>
    public bool IsTemporary => Name.StartsWith("temporary", StringComparison.Ordinal);

    public static IReadOnlyList<PathCommand> All { get; } =
    [
        new("stat", async (engine, at) => $"{(await engine.StatAsync(at["a"])).Length}"),
        new("exists", async (engine, at) => $"{await engine.ExistsAsync(at["a"])}"),
        new("list", ListAsync),
        Plain("set mode", (engine, at) => engine.SetModeAsync(at["a"], UnixFileMode.UserRead)),
        Plain("rename", (engine, at) => engine.RenameAsync(at["a"], at["new"])),
        Plain("rename, overwrite", (engine, at) => engine.RenameAsync(at["a"], at["b"], overwrite: true)),
        Plain("rename, elsewhere", (engine, at) => engine.RenameAsync(at["a"], at["tree/new"])),
        Plain("delete", (engine, at) => engine.DeleteAsync(at["a"])),
        Plain("delete, not durable", (engine, at) => engine.DeleteAsync(at["a"], durable: false)),
        Plain("replace", (engine, at) => engine.ReplaceAsync(at["a"], Text.Bytes("new"))),
        Plain("replace, missing", (engine, at) => engine.ReplaceAsync(at["new"], Text.Bytes("new"))),
        Plain("replacement", ReplaceInPiecesAsync),
        Plain("copy", (engine, at) => engine.CopyAsync(at["a"], at["new"])),
        Plain("copy, overwrite, durable", (engine, at) => engine.CopyAsync(at["a"], at["b"], true, true)),
        new("copy, large", async (engine, at) => $"{(await engine.CopyAsync(at["large"], at["new"])).Bytes}"),
        new("copy, sparse", async (engine, at) => $"{(await engine.CopyAsync(at["sparse"], at["new"])).Bytes}"),
        Tree("copy tree", new TreeCopyOptions { PreserveTimes = true, PreserveModes = true }),
        Tree("copy tree, durable, compared", new TreeCopyOptions { Durable = true, Verify = true }),
        Tree("copy tree, overwrite", new TreeCopyOptions { Overwrite = true, PreserveTimes = true }, "other"),
        new(
            "create directory",
            async (engine, at) => $"{await engine.CreateDirectoryAsync(at["new/below"])}", InParts: true),
        new("create directory, there", async (engine, at) => $"{await engine.CreateDirectoryAsync(at["tree"])}"),
        Plain("delete directory", (engine, at) => engine.DeleteDirectoryAsync(at["empty"])),
        Plain("delete directory, link", (engine, at) => engine.DeleteDirectoryAsync(at["link"])),
        Plain(
            "delete directory, recursive", (engine, at) => engine.DeleteDirectoryAsync(at["tree"], recursive: true),
            inParts: true),
        new("temporary file", MakeFileAsync),
        new("temporary directory", MakeDirectoryAsync),
        Open(OpenMode.Read, "a"),
        Open(OpenMode.Write, "a"),
        Open(OpenMode.Append, "new"),
        Open(OpenMode.CreateNew, "new"),
    ];

    private static PathCommand Plain(string name, Func<FileEngine, PathDisk, Task> run, bool inParts = false) => new(
        name,
        async (engine, at) =>
        {
            await run(engine, at);
            return "";
        },
        inParts);

    private static PathCommand Tree(string name, TreeCopyOptions options, string target = "new") => new(
        name,
        async (engine, at) =>
        {
            var report = await engine.CopyTreeAsync(at["tree"], at[target], options with { Parallelism = 1 });
            return $"{report.Files} {report.Directories} {report.SymbolicLinks} {report.Bytes} {report.FailedCount}";
        },
        InParts: true);

    /// <summary>A file that an open has made stays when the rest of the open fails.</summary>
    private static PathCommand Open(OpenMode mode, string name) => new(
        $"open, {mode}",
        async (engine, at) =>
        {
            await using var file = await engine.OpenAsync(at[name], mode);
            return file.Path == at[name] ? "" : file.Path;
        },
        InParts: true);

    private static async Task<string> ListAsync(FileEngine engine, PathDisk at)
    {
        var names = new List<string>();
        await foreach (var entry in engine.ListAsync(at["tree"]))
        {
            names.Add($"{entry.Name} {entry.Kind}");
        }

        return string.Join(' ', names.Order(StringComparer.Ordinal));
    }

    private static async Task ReplaceInPiecesAsync(FileEngine engine, PathDisk at)
    {
        await using var replacement = await engine.OpenReplacementAsync(at["a"]);
        await replacement.Writer.WriteAsync("new");
        await replacement.CommitAsync();
    }

    private static async Task<string> MakeFileAsync(FileEngine engine, PathDisk at)
    {
        var file = await engine.CreateTemporaryFileAsync(at.Path);
        try
        {
            await file.DisposeAsync();
            return "";
        }
        catch (FileEngineException)
        {
            if (!File.Exists(file.Path))
            {
                return "deleted, not closed";
            }

            File.Delete(file.Path);
            return NotDeleted;
        }
    }

    private static async Task<string> MakeDirectoryAsync(FileEngine engine, PathDisk at)
    {
        var directory = await engine.CreateTemporaryDirectoryAsync(at.Path);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "a"), "a");
        try
        {
            await directory.DisposeAsync();
            return "";
        }
        catch (FileEngineException)
        {
            Directory.Delete(directory.Path, recursive: true);
            return NotDeleted;
        }
    }
}
