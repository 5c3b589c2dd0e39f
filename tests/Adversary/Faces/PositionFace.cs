using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>An open file of its own: reads and writes at positions side by side, lengths, opens that empty it and are
/// taken back.</summary>
internal sealed class PositionFace(World world, EngineLife life) : Face(world, life)
{
    private const int Slot = 16 << 10;
    private const int Slots = 12;

    private ContentModel _content = null!;
    private bool _isOver;

    protected override string Name => "EngineFile";

    protected override async Task RunAsync()
    {
        _content = World.TakeContent(Dice);
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            if (await OpenAsync() is not { } file)
            {
                continue;
            }

            _isOver = false;
            for (var steps = Dice.Next(1, 12); steps > 0 && left > 0 && !_isOver; steps--, left--)
            {
                await StepAsync(file);
            }

            End(await CallAsync("DisposeAsync", _ => file.DisposeAsync(), cancels: false));
            if (_content.IsLoose)
            {
                NextContent();
            }
        }

        World.GiveBack(_content);
    }

    private void NextContent()
    {
        World.GiveBack(_content);
        _content = World.TakeContent(Dice);
    }

    private async Task<EngineFile?> OpenAsync()
    {
        var empties = OneIn(3);
        var mode = empties ? OpenMode.ReadWriteTruncate : OpenMode.ReadWrite;
        var outcome = await CallAsync(
            "OpenAsync", token => Engine.OpenAsync(_content.Path, mode, null, token), [FailureReason.AlreadyOpen]);
        if (outcome.Value is { } file)
        {
            if (empties)
            {
                _content.Set([]);
            }

            if (file.LengthAtOpen != _content.Length)
            {
                World.Breach($"{_content.Path}: {file.LengthAtOpen} bytes at open, not {_content.Length}");
            }

            return file;
        }

        if (outcome.IsUnfinished)
        {
            if (empties)
            {
                _content.MayTruncate(0);
            }
            else
            {
                _content.MayBeHeld();
            }

            NextContent();
        }
        else if (outcome.Reason == FailureReason.AlreadyOpen)
        {
            World.Breach($"{_content.Path}: {outcome.Failure!.Message}, and it was closed");
            NextContent();
        }
        else
        {
            LookAfterNoOpen(empties, outcome.IsCancelled);
        }

        return null;
    }

    /// <summary>Whatever the open has done is done: from now on the file is somebody else's.</summary>
    private void LookAfterNoOpen(bool empties, bool wasCancelled)
    {
        var actual = File.Exists(_content.Path) ? File.ReadAllBytes(_content.Path) : [];
        if (empties && wasCancelled && actual.Length == 0)
        {
            _content.Set([]);
        }

        World.Expect(_content.Compare(actual, 0, toEnd: true));
        if (OneIn(2))
        {
            var content = Data(Dice.Next(1, 5000));
            File.WriteAllBytes(_content.Path, content);
            _content.Set(content);
        }
    }

    private Task StepAsync(EngineFile file) => Dice.Next(12) switch
    {
        < 5 => WriteAndReadAsync(file),
        5 => AppendAsync(file),
        6 => TruncateAsync(file),
        7 => SyncAsync(file),
        8 => StatAsync(file),
        9 => NothingAsync(file),
        _ => ReadAsync(file, Dice.Next(Slot * Slots), Dice.Next(1, 2 * Slot)),
    };

    /// <summary>Side by side, each in its own part.</summary>
    private async Task WriteAndReadAsync(EngineFile file)
    {
        var slots = Enumerable.Range(0, Slots).ToArray();
        Dice.Shuffle(slots);
        var count = Dice.Next(1, 6);
        var calls = slots[..count].Select(slot => OneIn(4) && slot * Slot < _content.Length
            ? ReadAsync(file, slot * Slot, Math.Min(Slot, _content.Length - (slot * Slot)))
            : WriteAsync(file, slot)).ToArray();
        await Task.WhenAll(calls);
    }

    private async Task WriteAsync(EngineFile file, int slot)
    {
        var start = Dice.Next(OneIn(3) ? Slot - 1 : 1);
        var data = Data(Dice.Next(1, Slot - start + 1));
        var offset = (slot * Slot) + start;
        var outcome = await CallAsync("WriteAsync", token => file.WriteAsync(offset, data, token), isLimited: true);
        Note(outcome, offset, data);
    }

    private async Task AppendAsync(EngineFile file)
    {
        var data = Data(Dice.Next(1, 2 * Slot));
        var outcome = await CallAsync("AppendAsync", token => file.AppendAsync(data, token), isLimited: true);
        Note(outcome, _content.Length, data);
    }

    private void Note(Outcome<bool> outcome, long offset, byte[] data)
    {
        lock (_content)
        {
            _content.Wrote(offset, data.AsSpan(0, outcome.IsDone ? data.Length : (int)outcome.BytesDone));
            if (outcome.IsUnfinished)
            {
                _content.MayWrite(offset, data);
            }

        }

        End(outcome);
    }

    private void End<T>(Outcome<T> outcome)
    {
        _isOver |= outcome.IsLast;
        if (outcome.IsUnfinished)
        {
            _content.MayBeHeld();
        }
    }

    private async Task TruncateAsync(EngineFile file)
    {
        var length = Dice.Next(Slot * Slots);
        var outcome = await CallAsync("TruncateAsync", token => file.TruncateAsync(length, token), isLimited: true);
        if (outcome.IsDone)
        {
            _content.Truncated(length);
        }
        else if (outcome.IsUnfinished)
        {
            _content.MayTruncate(length);
        }

        End(outcome);
    }

    private async Task SyncAsync(EngineFile file)
    {
        var outcome = await CallAsync("SyncAsync", token => file.SyncAsync(SyncScope.Data, token), isLimited: true);
        if (outcome.IsDone && outcome.Value != _content.Length && !_content.IsLoose && !World.Plan.Faults.HasErrors)
        {
            World.Breach($"{_content.Path}: {outcome.Value} bytes are durable, and there are {_content.Length}");
        }

        End(outcome);
    }

    private async Task StatAsync(EngineFile file)
    {
        var outcome = await CallAsync("StatAsync", token => new ValueTask<FileStatus>(file.StatAsync(token)));
        if (outcome.Value is { } status && status.Length != _content.Length && !_content.IsLoose)
        {
            World.Breach($"{_content.Path}: {status.Length} bytes, not {_content.Length}");
        }

        End(outcome);
    }

    private async Task NothingAsync(EngineFile file) => End(await CallAsync(
        "WriteAsync of nothing", token => file.WriteAsync(Dice.Next(1 << 22), default, token)));

    private async Task ReadAsync(EngineFile file, int offset, int length)
    {
        var memory = new byte[length];
        var outcome = await CallAsync(
            "ReadAsync", token => file.ReadAsync(offset, memory, token), isLimited: true);
        if (outcome.IsDone)
        {
            lock (_content)
            {
                var toEnd = outcome.Value < length && offset < _content.Length;
                World.Expect(_content.Compare(memory.AsSpan(0, outcome.Value), offset, toEnd));
            }
        }

        End(outcome);
    }
}
