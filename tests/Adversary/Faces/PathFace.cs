using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>A directory of its own: whole files and commands on paths; after each the disk is looked at.</summary>
internal sealed class PathFace(World world, EngineLife life) : Face(world, life)
{
    private static readonly string[] Names = ["a", "b", "c", "d", "sub/e", "sub/f"];
    private static readonly byte[][] Missing = [];

    private readonly Dictionary<string, byte[]> _files = [];
    private string _directory = "";
    private bool _isLoose;

    protected override string Name => "path";

    protected override async Task RunAsync()
    {
        Begin();
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            await StepAsync();
            if (_isLoose)
            {
                // A call may still be at it.
                Begin();
            }
        }
    }

    private void Begin()
    {
        _directory = World.NewPath("directory");
        _files.Clear();
        _isLoose = false;
        Directory.CreateDirectory(Path.Combine(_directory, "sub"));
    }

    private Task StepAsync() => Dice.Next(18) switch
    {
        0 or 1 => WriteAllAsync(AnyName()),
        2 => AppendAllAsync(AnyName()),
        3 or 4 => ReadAllAsync(AnyName()),
        5 => ReplaceAsync(AnyName()),
        6 => OpenReplacementAsync(AnyName()),
        7 or 8 => RenameAsync(AnyName(), AnyName()),
        9 or 10 => CopyAsync(AnyName(), AnyName()),
        11 => DeleteAsync(AnyName()),
        12 => ExistsAsync(AnyName()),
        13 => ListAsync(),
        14 => CopyTreeAsync(),
        15 or 16 => CopyLargeAsync(AnyName(), AnyName()),
        _ => TemporaryAsync(),
    };

    private string AnyName() => Names[Dice.Next(Names.Length)];

    private string PathOf(string name) => Path.Combine(_directory, name);

    private byte[]? Known(string name) => _files.GetValueOrDefault(name);

    // ------------------------------------------------------------------ whole files

    private Task WriteAllAsync(string name) =>
        WriteAllAsync(name, Data(OneIn(4) ? Dice.Next(300_000, 900_000) : Length()));

    private async Task WriteAllAsync(string name, byte[] data)
    {
        var outcome = await CallAsync(
            "WriteAllBytesAsync", token => new ValueTask(Engine.WriteAllBytesAsync(PathOf(name), data, token)),
            mayBlock: true);
        Settle(name, outcome, [data], outcome.IsDone ? Missing : [.. Old(name), .. Prefixes([], data, name)]);
    }

    private async Task AppendAllAsync(string name)
    {
        var data = Data(Length());
        var outcome = await CallAsync(
            "AppendAllBytesAsync", token => new ValueTask(Engine.AppendAllBytesAsync(PathOf(name), data, token)),
            mayBlock: true);
        var old = Known(name) ?? [];
        Settle(
            name, outcome, [[.. old, .. data]],
            outcome.IsDone ? Missing : [.. Old(name), .. Prefixes(old, data, name)]);
    }

    private async Task ReadAllAsync(string name)
    {
        var outcome = await CallAsync(
            "ReadAllBytesAsync", token => new ValueTask<byte[]>(Engine.ReadAllBytesAsync(PathOf(name), token)),
            [FailureReason.NotFound]);
        Look(name, outcome, known => outcome.Value!.AsSpan().SequenceEqual(known));
    }

    private async Task ReplaceAsync(string name)
    {
        var data = Data(Length());
        var outcome = await CallAsync(
            "ReplaceAsync", token => new ValueTask(Engine.ReplaceAsync(PathOf(name), data, null, token)));
        Settle(name, outcome, [data], Old(name));
    }

    private async Task OpenReplacementAsync(string name)
    {
        var data = Data(Length());
        var opened = await CallAsync(
            "OpenReplacementAsync",
            token => new ValueTask<FileReplacement>(Engine.OpenReplacementAsync(PathOf(name), null, token)));
        _isLoose |= opened.IsUnfinished;
        if (opened.Value is not { } replacement)
        {
            return;
        }

        var written = await CallAsync("FileReplacement.Writer", token => replacement.Writer.WriteAsync(data, token));
        if (written.IsDone && OneIn(2))
        {
            var outcome = await CallAsync(
                "CommitAsync", token => new ValueTask(replacement.CommitAsync(token)));
            Settle(name, outcome, [data], Old(name));
        }

        var disposed = await CallAsync(
            "FileReplacement.DisposeAsync", _ => replacement.DisposeAsync(), cancels: false);
        _isLoose |= disposed.IsUnfinished;
    }

    // ------------------------------------------------------------------ names

    private async Task RenameAsync(string name, string newName)
    {
        if (name == newName)
        {
            return;
        }

        var overwrite = OneIn(2);
        var outcome = await CallAsync(
            "RenameAsync",
            token => new ValueTask(Engine.RenameAsync(PathOf(name), PathOf(newName), overwrite, token)),
            [FailureReason.NotFound, FailureReason.AlreadyExists]);
        Refused(outcome, Known(name) is null ? FailureReason.NotFound
            : Known(newName) is not null && !overwrite ? FailureReason.AlreadyExists : null);
        var (moved, old) = (Known(name), Old(newName));
        Settle(name, outcome, [], Old(name));
        Settle(newName, outcome, moved is null ? Missing : [moved], old);
    }

    private async Task CopyAsync(string name, string newName)
    {
        if (name == newName)
        {
            return;
        }

        var (overwrite, durable) = (OneIn(2), OneIn(2));
        var outcome = await CallAsync(
            "CopyAsync",
            token => new ValueTask<Copied>(
                Engine.CopyAsync(PathOf(name), PathOf(newName), overwrite, durable, token)),
            [FailureReason.NotFound, FailureReason.AlreadyExists]);
        Refused(outcome, Known(name) is null ? FailureReason.NotFound
            : Known(newName) is not null && !overwrite ? FailureReason.AlreadyExists : null);
        if (outcome.Value is { } copied && copied.Bytes != Known(name)!.Length)
        {
            World.Breach($"{PathOf(name)}: {copied.Bytes} of {Known(name)!.Length} bytes copied");
        }

        Settle(newName, outcome, Old(name), Old(newName));
    }

    /// <summary>Of a file that takes several calls of the kernel to copy.</summary>
    private async Task CopyLargeAsync(string name, string newName)
    {
        var size = OneIn(12) ? Dice.Next(9 << 20, 20 << 20) : Dice.Next(200_000, 3 << 20);
        await WriteAllAsync(name, Data(size));
        for (var left = Dice.Next(1, 4); left > 0 && !_isLoose; left--)
        {
            await CopyAsync(name, newName);
        }
    }

    private async Task DeleteAsync(string name)
    {
        var outcome = await CallAsync(
            "DeleteAsync", token => new ValueTask(Engine.DeleteAsync(PathOf(name), OneIn(2), token)),
            [FailureReason.NotFound]);
        Refused(outcome, Known(name) is null ? FailureReason.NotFound : null);
        Settle(name, outcome, Missing, Old(name));
    }

    private async Task ExistsAsync(string name)
    {
        var outcome = await CallAsync(
            "ExistsAsync", token => new ValueTask<bool>(Engine.ExistsAsync(PathOf(name), token)));

        // False is also what is told of a name that the disk lets nobody look at.
        if (outcome.IsDone && outcome.Value != Known(name) is not null && (outcome.Value || !World.Plan.Faults.HasErrors))
        {
            World.Breach($"{PathOf(name)}: exists is {outcome.Value}");
        }

        var looked = await CallAsync(
            "StatAsync", token => new ValueTask<FileStatus>(Engine.StatAsync(PathOf(name), true, token)),
            [FailureReason.NotFound]);
        Look(name, looked, known => looked.Value!.Length == known.Length);
    }

    private async Task ListAsync()
    {
        var outcome = await CallAsync(
            "ListAsync",
            async token =>
            {
                var names = new List<string>();
                await foreach (var entry in Engine.ListAsync(_directory, token))
                {
                    // Of a call that failed, and whose clean-up failed as well.
                    if (!entry.Name.EndsWith(".tmp", StringComparison.Ordinal) || !World.Plan.Faults.HasErrors)
                    {
                        names.Add(entry.Name);
                    }
                }

                return names;
            });
        if (outcome.Value is { } found)
        {
            var known = _files.Keys.Where(name => !name.Contains('/')).Append("sub");
            if (!known.Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)))
            {
                World.Breach($"{_directory}: listed {string.Join(' ', found)}, not {string.Join(' ', known)}");
            }
        }
    }

    private async Task CopyTreeAsync()
    {
        var target = World.NewPath("tree");
        var outcome = await CallAsync(
            "CopyTreeAsync",
            token => new ValueTask<TreeCopyReport>(Engine.CopyTreeAsync(_directory, target, null, null, token)));
        if (outcome.Value is { } report)
        {
            foreach (var (name, content) in _files)
            {
                var copy = Path.Combine(target, name);
                if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(content))
                {
                    World.Breach($"{copy} is not as {PathOf(name)}");
                }
            }

            var count = Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).Count();
            if (report.Files != count)
            {
                World.Breach($"{target}: {report.Files} files of {count} are said to be copied");
            }
        }

        if (Directory.Exists(target) && !outcome.IsUnfinished)
        {
            var deleted = await CallAsync(
                "DeleteDirectoryAsync",
                token => new ValueTask(Engine.DeleteDirectoryAsync(target, recursive: true, token)));
            if (deleted.IsDone && Directory.Exists(target))
            {
                World.Breach($"{target} was deleted, and is there");
            }
        }
    }

    private async Task TemporaryAsync()
    {
        var made = await CallAsync(
            "CreateTemporaryFileAsync",
            token => new ValueTask<TemporaryFile>(
                Engine.CreateTemporaryFileAsync(World.Directory, "temporary", null, token)));
        if (made.Value is not { } temporary)
        {
            return;
        }

        await CallAsync("TemporaryFile.AppendAsync", token => temporary.File.AppendAsync(Data(100), token));
        var disposed = await CallAsync(
            "TemporaryFile.DisposeAsync", _ => temporary.DisposeAsync(), cancels: false);
        if (disposed.IsDone && File.Exists(temporary.Path))
        {
            World.Breach($"{temporary.Path} was disposed of, and is there");
        }
    }

    // ------------------------------------------------------------------ what the disk says

    private byte[][] Old(string name) => Known(name) is { } known ? [known] : Missing;

    /// <summary>What a write that was not done to its end may have left: it is looked at, and taken if it is a
    /// part.</summary>
    private byte[][] Prefixes(byte[] before, byte[] data, string name)
    {
        if (!File.Exists(PathOf(name)))
        {
            return Missing;
        }

        var actual = File.ReadAllBytes(PathOf(name));
        byte[] whole = [.. before, .. data];
        return actual.Length >= before.Length && whole.AsSpan().StartsWith(actual) ? [actual] : Missing;
    }

    /// <summary>Looks at a file that a call may have changed.</summary>
    /// <param name="name">The file.</param>
    /// <param name="outcome">Of the call.</param>
    /// <param name="done">Its content when the call was performed; none for no file.</param>
    /// <param name="otherwise">Its content when it was not.</param>
    private void Settle<T>(string name, Outcome<T> outcome, byte[][] done, byte[][] otherwise)
    {
        if (outcome.IsUnfinished)
        {
            _isLoose = true;
            return;
        }

        var actual = File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : null;
        var isPerformed = outcome.IsDone || outcome.Reason == FailureReason.NotDurable;
        var right = isPerformed ? done : otherwise;
        if (actual is null ? right.Length > 0 : !right.Any(
            content => content.AsSpan().SequenceEqual(actual)))
        {
            var wanted = right.Length == 0
                ? "gone"
                : string.Join(" or ", right.Select(content => $"{content.Length} bytes"));
            World.Breach(
                $"{PathOf(name)}, {outcome.Name}: {(actual is null ? "it is gone" : $"{actual.Length} bytes")}, not "
                + $"{wanted}: {outcome.Failure?.Message}");
        }

        if (actual is null)
        {
            _files.Remove(name);
        }
        else
        {
            _files[name] = actual;
        }
    }

    /// <summary>Checks what was read of a file that is known.</summary>
    private void Look<T>(string name, Outcome<T> outcome, Func<byte[], bool> isRight)
    {
        Refused(outcome, Known(name) is null ? FailureReason.NotFound : null);
        if (outcome.IsDone && Known(name) is { } known && !isRight(known))
        {
            World.Breach($"{PathOf(name)}: not what is in it: {outcome.Value}");
        }
    }

    /// <summary>A call that cannot be done must say so, and one that can be must not say that it cannot.</summary>
    private void Refused<T>(Outcome<T> outcome, FailureReason? why)
    {
        var says = outcome.Reason is FailureReason.NotFound or FailureReason.AlreadyExists ? outcome.Reason : null;
        if ((outcome.IsDone && why is not null) || (says is not null && says != why))
        {
            World.Breach($"{_directory}: {outcome.Name}, and {why?.ToString() ?? "nothing"} stands against it");
        }
    }
}
