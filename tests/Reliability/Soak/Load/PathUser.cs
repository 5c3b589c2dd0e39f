using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>Commands on paths: renames, copies, replacements, directories, each looked at afterwards.</summary>
internal sealed class PathUser(SoakEngine soak, int id)
{
    private readonly Random _random = new(soak.Seed + id);
    private readonly CallCounter _calls = new(soak.Counts, $"{soak.Backend} paths {id}");
    private long _token;

    private FileEngine Engine => soak.Engine;

    /// <summary>Goes on until the load is over.</summary>
    public async Task RunAsync()
    {
        var directory = soak.PathOf($"paths-{id}");
        while (!soak.IsFinishing)
        {
            await UseAsync(directory);
            soak.Counts.CountLife();
        }
    }

    private async Task UseAsync(string directory)
    {
        var (first, second) = (Path.Combine(directory, "first"), Path.Combine(directory, "second"));
        var data = SoakData.Of(id, ++_token, _random.Next(1, 20_000));
        await MustAsync(async () => await Engine.CreateDirectoryAsync(directory), "create the directory");
        await MustAsync(async () => await Engine.ReplaceAsync(first, data), "replace");
        await MustAsync(async () => await Engine.CopyAsync(first, second, overwrite: true), "copy");
        await MustAsync(async () => await Engine.RenameAsync(second, first, overwrite: true), "rename");
        await _calls.TryAsync(async () => await Engine.RenameAsync(second, first));
        await PutAsync(first, data);
        var status = await _calls.TryGetAsync(async () => await Engine.StatAsync(first));
        if (status?.Length != data.Length || await Engine.ExistsAsync(second))
        {
            soak.Counts.Breach($"{soak.Backend} paths {id}: {first} has {status?.Length} bytes, {data.Length} written");
        }

        await _calls.TryAsync(async () => await ListAsync(directory));
        await MustAsync(async () => await Engine.DeleteAsync(first, durable: false), "delete");
        await MustAsync(
            async () => await Engine.DeleteDirectoryAsync(directory, recursive: true), "delete the directory");
    }

    /// <summary>By way of a replacement, that is committed or dropped; either leaves the same content.</summary>
    private async Task PutAsync(string path, ReadOnlyMemory<byte> data)
    {
        var replacement = await _calls.TryGetAsync(async () => await Engine.OpenReplacementAsync(path));
        if (replacement is null)
        {
            return;
        }

        var commits = await _calls.TryAsync(() => replacement.Writer.WriteAsync(data)) && _random.Next(3) > 0;
        if (commits)
        {
            await _calls.TryAsync(async () => await replacement.CommitAsync());
        }

        await _calls.TryAsync(replacement.DisposeAsync);
    }

    private async Task ListAsync(string directory)
    {
        await foreach (var _ in Engine.ListAsync(directory))
        {
        }
    }

    // No fault is injected into these.
    private async Task MustAsync(Func<ValueTask> call, string what)
    {
        if (!await _calls.TryAsync(call))
        {
            soak.Counts.Breach($"{soak.Backend} paths {id}: could not {what}");
        }
    }
}
