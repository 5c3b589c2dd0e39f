using System.Text;
using Actors.Engine.Files;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>A fixed sequence of calls on one file, which goes on after a failure, and then looks at the file.</summary>
internal abstract class AsyncCalls(FileEngine engine, string path)
{
    private readonly List<FileEngineException> _failures = [];

    /// <summary>What the calls threw. They throw nothing else.</summary>
    public IReadOnlyList<FileEngineException> Failures => _failures;

    protected FileEngine Engine => engine;

    protected string Path => path;

    public abstract Task PlayAsync();

    /// <returns>What the call threw, or null.</returns>
    protected async Task<FileEngineException?> TryAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (FileEngineException e)
        {
            _failures.Add(e);
            return e;
        }
    }
}

/// <summary>An <see cref="EngineFile"/>: every call that it has.</summary>
internal sealed class AsyncFile(FileEngine engine, string path) : AsyncCalls(engine, path)
{
    private byte[] _content = [];

    public override async Task PlayAsync()
    {
        await File.WriteAllBytesAsync(Path, Text.Pattern(50));
        EngineFile? file = null;
        if (await TryAsync(async () => file = await Engine.OpenAsync(Path, OpenMode.ReadWriteTruncate)) is not null)
        {
            return;
        }

        byte[][] data = [Text.Pattern(10, 1), Text.Pattern(9000, 2), Text.Pattern(30, 3)];
        var appends = data.Select(bytes => TryAsync(() => file!.AppendAsync(bytes))).ToArray();
        for (var i = 0; i < appends.Length; i++)
        {
            Put(_content.Length, data[i], await appends[i]);
        }

        await TryAsync(async () => Assert.Equal(_content.Length, await file!.SyncAsync()));
        Put(100, data[0], await TryAsync(() => file!.WriteAsync(100, data[0])));
        if (await TryAsync(async () => Assert.Equal(7000, await file!.TruncateAsync(7000))) is null)
        {
            Array.Resize(ref _content, 7000);
        }

        await TryAsync(() => file!.AllocateAsync(7000, 1000));
        var buffer = new byte[10_000];
        await TryAsync(async () =>
        {
            var read = await file!.ReadAsync(50, buffer);
            Assert.True(buffer.AsSpan(0, read).SequenceEqual(_content.AsSpan(Math.Min(50, _content.Length))));
        });
        await TryAsync(async () => Assert.Equal(_content.Length, (await file!.StatAsync()).Length));
        await TryAsync(() => file!.DisposeAsync());
        Assert.True(Text.AreSame(_content, await File.ReadAllBytesAsync(Path)), "the file is not what the calls said");
    }

    private void Put(int offset, byte[] data, FileEngineException? failure)
    {
        var length = failure is null ? data.Length : (int)failure.BytesDone;
        if (length > 0)
        {
            Array.Resize(ref _content, Math.Max(_content.Length, offset + length));
            data.AsSpan(0, length).CopyTo(_content.AsSpan(offset));
        }
    }
}

/// <summary>A <see cref="FileWriter"/>: whatever happens, the file is the first bytes of what it accepted.</summary>
internal sealed class AsyncWriter(FileEngine engine, string path) : AsyncCalls(engine, path)
{
    public override async Task PlayAsync()
    {
        FileWriter? writer = null;
        var options = new FileWriterOptions { BufferSize = 4 << 10 };
        if (await TryAsync(
                async () => writer = await Engine.OpenWriterAsync(Path, OpenMode.Write, options)) is not null)
        {
            return;
        }

        using var accepted = new MemoryStream();
        for (var i = 0; i < 12; i++)
        {
            var data = Text.Pattern(i % 4 == 3 ? 6000 : 1500, i);
            accepted.Write(data);
            await TryAsync(() => writer!.WriteAsync(data));
        }

        await TryAsync(() => writer!.FlushAsync());
        await TryAsync(async () => Assert.Equal(accepted.Length, await writer!.SyncAsync()));
        await TryAsync(() => writer!.DisposeAsync());
        var content = await File.ReadAllBytesAsync(Path);
        Assert.Equal(writer!.Written, content.Length);
        Assert.True(accepted.ToArray().AsSpan().StartsWith(content), "not the first bytes of what was accepted");
        Assert.True(Failures.Count > 0 || content.Length == accepted.Length, "bytes are missing, and nobody was told");
    }
}

/// <summary>A <see cref="FileReader"/>: a read that failed is tried again by the next call, and nothing is left
/// out.</summary>
internal sealed class AsyncReader(FileEngine engine, string path) : AsyncCalls(engine, path)
{
    public override async Task PlayAsync()
    {
        var lines = Enumerable.Range(0, 400).Select(i => $"line {i} of a file that is read").ToArray();
        await File.WriteAllLinesAsync(Path, lines, new UTF8Encoding(false));
        FileReader? reader = null;
        var options = new FileReaderOptions { ChunkSize = 4 << 10 };
        if (await TryAsync(async () => reader = await Engine.OpenReaderAsync(Path, options)) is not null)
        {
            return;
        }

        var read = new List<string>();
        var ended = false;
        while (!ended)
        {
            await TryAsync(async () =>
            {
                var line = await reader!.ReadLineAsync();
                ended = line is null;
                read.AddRange(line is null ? [] : [line]);
            });
        }

        await TryAsync(() => reader!.DisposeAsync());
        Assert.Equal(lines, read);
    }
}

/// <summary>A <see cref="FileEngineStream"/>: a call that failed has brought as many bytes as it says, and what calls have
/// brought is in the file in the end.</summary>
internal sealed class AsyncStream(FileEngine engine, string path, OpenMode mode, bool synchronous)
    : AsyncCalls(engine, path)
{
    public override async Task PlayAsync()
    {
        File.Delete(Path);
        FileEngineStream? stream = null;
        var options = new FileEngineStreamOptions { BufferSize = 4 << 10 };
        if (await TryAsync(async () => stream = await Engine.OpenStreamAsync(Path, mode, options)) is not null)
        {
            return;
        }

        using var brought = new MemoryStream();
        for (var i = 0; i < 12; i++)
        {
            var data = Text.Pattern(i % 4 == 3 ? 10_000 : 1500, i);
            var failure = await TryAsync(() => WriteAsync(stream!, data));
            brought.Write(data, 0, failure is null ? data.Length : (int)failure.BytesDone);
            if (mode != OpenMode.Append)
            {
                // Of one that appends, the system would have to be asked, which may fail.
                Assert.Equal(brought.Length, stream!.Position);
            }

            if (i == 5)
            {
                await TryAsync(() => FlushAsync(stream!));
            }
        }

        await TryAsync(() => FlushAsync(stream!));
        var isWhole = await TryAsync(() => stream!.DisposeAsync()) is null;
        var content = await File.ReadAllBytesAsync(Path);
        Assert.True(brought.ToArray().AsSpan().StartsWith(content), "not the first bytes of what was brought");
        Assert.True(!isWhole || content.Length == brought.Length, "bytes are missing, and nobody was told");
    }

    private async ValueTask WriteAsync(FileEngineStream stream, byte[] data)
    {
        if (synchronous)
        {
            stream.Write(data);
        }
        else
        {
            await stream.WriteAsync(data);
        }
    }

    private async ValueTask FlushAsync(FileEngineStream stream)
    {
        if (synchronous)
        {
            stream.Flush();
        }
        else
        {
            await stream.FlushAsync();
        }
    }
}
