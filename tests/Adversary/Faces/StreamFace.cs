using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>A <see cref="FileEngineStream"/> on a file of its own: reads, writes, seeks, lengths, with and without
/// awaiting.</summary>
internal sealed class StreamFace(World world, EngineLife life) : Face(world, life)
{
    private const int LengthMax = 300_000;

    private ContentModel _content = null!;

    /// <summary>What the file has while earlier calls' bytes are gathered, and those bytes.</summary>
    private ContentModel? _onDisk;
    private long _gatheredAt;
    private List<byte> _gathered = [];
    private bool _isUnfinished;

    /// <summary>What was read ahead may still be in the kernel, which nobody is told but the close.</summary>
    private bool _isHeld;

    protected override string Name => "FileEngineStream";

    protected override async Task RunAsync()
    {
        _content = World.TakeContent(Dice);
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            var options = new FileEngineStreamOptions { BufferSize = 4096 << Dice.Next(4) };
            var opened = await CallAsync(
                "OpenStreamAsync",
                token => Engine.OpenStreamAsync(_content.Path, OpenMode.ReadWrite, options, token));
            (_isUnfinished, _isHeld) = (opened.IsUnfinished, false);
            if (opened.Value is { } stream)
            {
                for (var steps = Dice.Next(1, 15); steps > 0 && left > 0 && !_isUnfinished; steps--, left--)
                {
                    await StepAsync(stream);
                }

                await EndAsync(stream);
            }

            if (_isUnfinished || _isHeld)
            {
                _content.MayBeHeld();
                World.GiveBack(_content);
                _content = World.TakeContent(Dice);
            }
        }

        World.GiveBack(_content);
    }

    private Task StepAsync(FileEngineStream stream) => Dice.Next(12) switch
    {
        < 5 => WriteAsync(stream),
        < 8 => ReadAsync(stream),
        8 => SeekAsync(stream),
        9 => SetLengthAsync(stream),
        10 => CopyAsync(stream),
        _ => FlushAsync(stream),
    };

    private async Task WriteAsync(FileEngineStream stream)
    {
        var data = Data(Length());
        var at = stream.Position;
        if (at + data.Length > LengthMax)
        {
            await SeekAsync(stream);
            return;
        }

        var outcome = OneIn(3)
            ? await CallAsync(
                "Write",
                _ =>
                {
                    stream.Write(data);
                    return default(ValueTask);
                },
                cancels: false, mayBlock: true)
            : await CallAsync("WriteAsync", token => stream.WriteAsync(data, token), mayBlock: true);
        var brought = outcome.IsDone ? data.Length : (int)outcome.BytesDone;
        if (!outcome.IsDone && brought > 0)
        {
            // They are in the file, and so is what was gathered before them.
            Flushed();
        }

        Gather(at, data.AsSpan(0, brought));
        _content.Wrote(at, data.AsSpan(0, brought));
        if (outcome.IsUnfinished)
        {
            _isUnfinished = true;
            _onDisk?.MayWrite(at, data);
            _content.MayWrite(at, data);
        }
        else if (stream.Position != at + brought)
        {
            World.Breach(
                $"{_content.Path}: the position is {stream.Position} after {brought} bytes at {at}, {outcome.Name}");
        }
    }

    private async Task ReadAsync(FileEngineStream stream)
    {
        var memory = new byte[Dice.Next(1, 40_000)];
        var at = stream.Position;
        var outcome = OneIn(3)
            ? await CallAsync("Read", _ => new ValueTask<int>(stream.Read(memory)), cancels: false)
            : await CallAsync("ReadAsync", token => stream.ReadAsync(memory, token), mayBlock: true);
        if (outcome.IsDone)
        {
            Flushed();
            World.Expect(_content.Compare(memory.AsSpan(0, outcome.Value), at, toEnd: outcome.Value == 0));
        }

        var read = outcome.IsDone ? outcome.Value : 0;
        if (!outcome.IsUnfinished && stream.Position != at + read)
        {
            World.Breach($"{_content.Path}: the position is {stream.Position} after {read} bytes read at {at}");
        }

        _isUnfinished |= outcome.IsUnfinished;
    }

    private Task SeekAsync(FileEngineStream stream) => CallAsync(
        "Seek",
        _ =>
        {
            stream.Position = Dice.Next((LengthMax / 4) - 1);
            return default(ValueTask);
        },
        cancels: false);

    private async Task SetLengthAsync(FileEngineStream stream)
    {
        var length = Dice.Next(LengthMax / 2);
        var outcome = OneIn(3)
            ? await CallAsync(
                "SetLength",
                _ =>
                {
                    stream.SetLength(length);
                    return default(ValueTask);
                },
                cancels: false, mayBlock: true)
            : await CallAsync(
                "SetLengthAsync", token => new ValueTask(stream.SetLengthAsync(length, token)),
                mayBlock: true);
        if (outcome.IsDone)
        {
            Flushed();
            _content.Truncated(length);
        }
        else if (outcome.IsUnfinished)
        {
            _isUnfinished = true;
            _onDisk?.MayTruncate(length);
            _content.MayTruncate(length);
        }
    }

    private async Task CopyAsync(FileEngineStream stream)
    {
        var at = stream.Position;
        var copy = new MemoryStream();
        var outcome = await CallAsync(
            "CopyToAsync", token => new ValueTask(stream.CopyToAsync(copy, 81920, token)), mayBlock: true);
        if (outcome.IsDone)
        {
            Flushed();
        }

        _isUnfinished |= outcome.IsUnfinished;
        World.Expect(_content.Compare(copy.ToArray(), at, toEnd: outcome.IsDone));
    }

    private async Task FlushAsync(FileEngineStream stream)
    {
        var outcome = OneIn(3)
            ? await CallAsync(
                "Flush",
                _ =>
                {
                    stream.Flush();
                    return default(ValueTask);
                },
                cancels: false, mayBlock: true)
            : await CallAsync("FlushAsync", token => new ValueTask(stream.FlushAsync(token)), mayBlock: true);
        _isUnfinished |= outcome.IsUnfinished;
        if (outcome.IsDone)
        {
            Flushed();
            World.Expect(_content.CompareWithDisk());
        }
    }

    private async Task EndAsync(FileEngineStream stream)
    {
        var outcome = OneIn(3)
            ? await CallAsync(
                "Dispose",
                _ =>
                {
                    stream.Dispose();
                    return default(ValueTask);
                },
                cancels: false, mayBlock: true)
            : await CallAsync("DisposeAsync", _ => stream.DisposeAsync(), cancels: false, mayBlock: true);
        _isUnfinished |= outcome.IsUnfinished;
        _isHeld = outcome.Reason == FailureReason.TimedOut;
        if (_onDisk is null || (outcome.IsDone && !Life.StopHasBegun && !_isUnfinished))
        {
            Flushed();
            return;
        }

        // A part of what was gathered may be there; a call that failed may have tried it before.
        _onDisk.MayWrite(_gatheredAt, [.. _gathered]);
        if (_isUnfinished)
        {
            _content = _onDisk;
        }
        else if (File.Exists(_content.Path))
        {
            World.Expect(_onDisk.CompareWithDisk());
            _content.Set(File.ReadAllBytes(_content.Path));
        }

        Flushed();
    }

    private void Gather(long at, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        if (_onDisk is null)
        {
            _onDisk = _content.CopyTo(_content.Path);
            (_gatheredAt, _gathered) = (at, []);
        }
        else if (at != _gatheredAt + _gathered.Count)
        {
            // The position moved: what was gathered for the one before was written first.
            _onDisk.Wrote(_gatheredAt, [.. _gathered]);
            (_gatheredAt, _gathered) = (at, []);
        }

        _gathered.AddRange(data);
    }

    private void Flushed() => _onDisk = null;
}
