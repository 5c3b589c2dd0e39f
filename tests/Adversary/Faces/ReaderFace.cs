using System.Text;
using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>Readers of a file that nobody changes: bytes, chunks, lines, all that is left, from any position.</summary>
internal sealed class ReaderFace(World world, EngineLife life) : Face(world, life)
{
    private string _path = "";
    private byte[] _content = [];
    private byte[]? _newContent;
    private bool _isOver;

    protected override string Name => "FileReader";

    protected override async Task RunAsync()
    {
        Prepare();
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            var options = new FileReaderOptions { ChunkSize = 4096 << Dice.Next(5), ReadAhead = OneIn(2) };
            var opened = await CallAsync(
                "OpenReaderAsync", token => Engine.OpenReaderAsync(_path, options, token));
            if (opened.Value is not { } reader)
            {
                continue;
            }

            _isOver = false;
            for (var steps = Dice.Next(1, 15); steps > 0 && left > 0 && !_isOver; steps--, left--)
            {
                await StepAsync(reader);
            }

            await CallAsync("DisposeAsync", _ => reader.DisposeAsync(), cancels: false);
            TakeNew();
        }
    }

    private void Prepare()
    {
        var lines = new MemoryStream();
        for (var i = Dice.Next(200); i >= 0; i--)
        {
            lines.Write(Data(Math.Max(Stamp.LengthMin, OneIn(20) ? Dice.Next(50_000) : Dice.Next(500))));
        }

        _path = World.NewPath("read");
        _content = lines.ToArray();
        File.WriteAllBytes(_path, _content);
    }

    /// <summary>Who opens the file from now on reads what the neighbour has left there.</summary>
    private void TakeNew()
    {
        switch (_newContent)
        {
            case null:
                return;
            case []:
                Prepare();
                break;
            default:
                _content = _newContent;
                break;
        }

        _newContent = null;
    }

    /// <summary>The neighbour deletes the file, or puts another in its place: who has it open goes on reading it.</summary>
    private async Task ReplaceAsync()
    {
        if (OneIn(3))
        {
            World.Tally.Count("neighbours", "delete");
            await World.Neighbour!.DoAsync("delete", _path);
            _newContent = [];
            return;
        }

        var (sequence, length) = (Dice.Next(1000), Dice.Next(Stamp.LengthMin, 200_000));
        World.Tally.Count("neighbours", "replace");
        await World.Neighbour!.DoAsync("replace", _path, $"{Number}", $"{sequence}", $"{length}");
        _newContent = Stamp.Bytes(Number, sequence, length);
    }

    private async Task StepAsync(FileReader reader)
    {
        if (World.Neighbour is not null && _newContent is null && OneIn(8))
        {
            await ReplaceAsync();
        }

        if (OneIn(3))
        {
            reader.Position = Dice.Next(_content.Length + 100);
        }

        var at = reader.Position;
        var read = Dice.Next(6) switch
        {
            0 => await ReadAsync(reader),
            1 => await ReadChunkAsync(reader),
            2 => await ReadLineAsync(reader),
            3 => await ReadLinesAsync(reader),
            4 => await ReadToEndAsync(reader),
            _ => await ReadCloneAsync(reader),
        };
        if (read is null)
        {
            if (reader.Position != at)
            {
                World.Breach($"{_path}: the position is {reader.Position}, and was {at} before a call that failed");
            }
        }
        else if (reader.Position != at + read.Length)
        {
            World.Breach($"{_path}: the position is {reader.Position} after {read.Length} bytes read at {at}");
        }

        if (read is not null && (at + read.Length > Math.Max(at, _content.Length)
            || !_content.AsSpan((int)Math.Min(at, _content.Length)).StartsWith(read)))
        {
            World.Breach($"{_path} at {at}: read {Stamp.Show(read)}, which is not there");
        }
    }

    /// <summary>Bytes of a call; null when it has failed.</summary>
    private byte[]? Note<T>(Outcome<T> outcome, Func<byte[]> bytes)
    {
        _isOver |= outcome.IsLast;
        return outcome.IsDone ? bytes() : null;
    }

    private async Task<byte[]?> ReadAsync(FileReader reader)
    {
        var memory = new byte[Dice.Next(1, 70_000)];
        var atEnd = reader.Position >= _content.Length;
        var outcome = await CallAsync("ReadAsync", token => reader.ReadAsync(memory, token));
        if (outcome.IsDone && outcome.Value == 0 != atEnd)
        {
            World.Breach($"{_path}: {outcome.Value} bytes at {reader.Position} of {_content.Length}");
        }

        return Note(outcome, () => memory[..outcome.Value]);
    }

    private async Task<byte[]?> ReadChunkAsync(FileReader reader)
    {
        var outcome = await CallAsync("ReadChunkAsync", token => reader.ReadChunkAsync(token));
        return Note(outcome, () => outcome.Value.ToArray());
    }

    private async Task<byte[]?> ReadLineAsync(FileReader reader)
    {
        var outcome = await CallAsync("ReadLineAsync", token => reader.ReadLineAsync(token));
        return Note(outcome, () => outcome.Value is { } line ? Encoding.ASCII.GetBytes($"{line}\n") : []);
    }

    private async Task<byte[]?> ReadLinesAsync(FileReader reader)
    {
        var text = new StringBuilder();
        var count = Dice.Next(1, 50);
        var outcome = await CallAsync(
            "ReadLinesAsync",
            async token =>
            {
                await foreach (var line in reader.ReadLinesAsync(token))
                {
                    text.Append(line).Append('\n');
                    if (--count == 0)
                    {
                        break;
                    }
                }
            });
        _isOver |= outcome.IsLast;
        return text.Length == 0 && !outcome.IsDone ? null : Encoding.ASCII.GetBytes(text.ToString());
    }

    private async Task<byte[]?> ReadToEndAsync(FileReader reader)
    {
        var left = Math.Max(0, _content.Length - reader.Position);
        var outcome = await CallAsync("ReadToEndAsync", token => reader.ReadToEndAsync(token));
        if (outcome.IsDone && outcome.Value!.Length != left)
        {
            World.Breach($"{_path}: {outcome.Value.Length} bytes to the end, and there are {left}");
        }

        return Note(outcome, () => outcome.Value!);
    }

    /// <summary>A second cursor beside the first, which stays where it is.</summary>
    private async Task<byte[]?> ReadCloneAsync(FileReader reader)
    {
        await using var clone = reader.Clone();
        var at = (int)Math.Min(reader.Position, _content.Length);
        var outcome = await CallAsync("Clone and ReadChunkAsync", token => clone.ReadChunkAsync(token));
        if (outcome.IsDone && !_content.AsSpan(at).StartsWith(outcome.Value.Span))
        {
            World.Breach($"{_path} at {at}: a clone read {Stamp.Show(outcome.Value.Span)}");
        }

        _isOver |= outcome.IsLast;
        return null;
    }
}
