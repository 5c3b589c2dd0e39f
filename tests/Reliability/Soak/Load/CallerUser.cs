using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>Code that knows nothing of actors: files, writers and readers, awaited, cancelled, and now and then
/// forgotten without being disposed of.</summary>
internal sealed class CallerUser(SoakEngine soak, int id)
{
    private readonly Random _random = new(soak.Seed + id);
    private readonly CallCounter _calls = new(soak.Counts, $"{soak.Backend} caller {id}");
    private long _token;

    private string Name => $"{soak.Backend} caller {id}";

    /// <summary>Goes on until the load is over.</summary>
    public async Task RunAsync()
    {
        while (!soak.IsFinishing)
        {
            await (_random.Next(10) switch
            {
                < 3 => UseFileAsync(),
                < 6 => UseWriterAsync(),
                < 8 => UseReaderAsync(),
                _ => UseWholeFileAsync(),
            });
            soak.Counts.CountLife();
        }
    }

    private async Task UseFileAsync()
    {
        // One that is forgotten is closed when the collector comes to it; until then its name is taken.
        var forget = _random.Next(20) == 0;
        var path = soak.PathOf(forget ? $"forgotten-{id}-{_random.Next(20)}" : $"caller-{id}");
        var file = await _calls.TryGetAsync(async () => await soak.Engine.OpenAsync(path, OpenMode.ReadWrite));
        if (file is null)
        {
            return;
        }

        var length = (int)file.LengthAtOpen;
        await Task.WhenAll(Enumerable.Range(0, _random.Next(1, 40)).Select(i => CallAsync(file, length + (i * 700))));
        if (!forget)
        {
            await _calls.TryAsync(file.DisposeAsync);
        }
    }

    private async Task CallAsync(EngineFile file, long offset)
    {
        using var cancellation = new CancellationTokenSource();
        var token = Interlocked.Increment(ref _token);
        var (roll, cancels) = (token % 12, token % 7 == 0);
        var buffer = new byte[700];
        var call = roll switch
        {
            < 4 => _calls.TryAsync(() => file.WriteAsync(offset, SoakData.Of(id, token, 700), cancellation.Token)),
            < 7 => _calls.TryAsync(() => file.AppendAsync(SoakData.Of(id, token, 300), cancellation.Token)),
            < 9 => _calls.TryAsync(async () => await file.ReadAsync(offset, buffer, cancellation.Token)),
            < 10 => _calls.TryAsync(async () => await file.SyncAsync(SyncScope.Data, cancellation.Token)),
            < 11 => _calls.TryAsync(async () => await file.TruncateAsync(token % 5_000, cancellation.Token)),
            _ => _calls.TryAsync(async () => await file.StatAsync(cancellation.Token)),
        };
        if (cancels)
        {
            await cancellation.CancelAsync();
        }

        await call;
    }

    private async Task UseWriterAsync()
    {
        var path = soak.PathOf($"writer-{id}");
        var writer = await _calls.TryGetAsync(async () => await soak.Engine.OpenWriterAsync(path, OpenMode.Write));
        if (writer is null)
        {
            return;
        }

        var sent = new MemoryStream();
        for (var n = _random.Next(1, 200); n > 0; n--)
        {
            var data = SoakData.Of(id, ++_token, _random.Next(1, 2_000));
            sent.Write(data.Span);
            if (!await _calls.TryAsync(() => writer.WriteAsync(data))
                || (n % 50 == 0 && !await _calls.TryAsync(() => writer.FlushAsync())))
            {
                break;
            }
        }

        await _calls.TryAsync(writer.DisposeAsync);
        CheckWritten(path, sent.GetBuffer().AsSpan(0, (int)sent.Length), writer.Written);
    }

    /// <summary>What was written is there, from the start; behind it at most a part of the rest.</summary>
    private void CheckWritten(string path, ReadOnlySpan<byte> sent, long written)
    {
        var found = File.ReadAllBytes(path);
        soak.Counts.CountChecked(found.Length, wholeFile: true);
        if (found.Length < written || !sent.StartsWith(found))
        {
            soak.Counts.Breach($"{Name}: {path} has {found.Length} bytes, {written} were written, {sent.Length} sent");
        }
    }

    private async Task UseReaderAsync()
    {
        var reader = await _calls.TryGetAsync(
            async () => await soak.Engine.OpenReaderAsync(soak.PathOf(SharedLines.Name)));
        if (reader is null)
        {
            return;
        }

        var position = 0;
        for (var n = _random.Next(1, 50); n > 0; n--)
        {
            var chunk = await _calls.TryGetAsync(() => reader.ReadChunkAsync());
            soak.Counts.CountChecked(chunk.Length);
            if (!SharedLines.Content.AsSpan(position).StartsWith(chunk.Span))
            {
                soak.Counts.Breach($"{Name}: what was read at {position} is not what the file holds");
            }

            position += chunk.Length;
        }

        await _calls.TryAsync(reader.DisposeAsync);
    }

    private async Task UseWholeFileAsync()
    {
        var path = soak.PathOf($"whole-{id}");
        var data = SoakData.Of(id, ++_token, _random.Next(1, 30_000));
        if (!await _calls.TryAsync(async () => await soak.Engine.ReplaceAsync(path, data)))
        {
            return;
        }

        var found = await _calls.TryGetAsync(async () => await soak.Engine.ReadAllBytesAsync(path));
        soak.Counts.CountChecked(found?.Length ?? 0, wholeFile: found is not null);
        if (found is not null && !found.AsSpan().SequenceEqual(data.Span))
        {
            soak.Counts.Breach($"{Name}: {path} is not what it was replaced by");
        }
    }
}
