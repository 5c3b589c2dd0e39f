using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>
/// Holds what came back against what was sent: each command has one answer, and the file is what the answers say, step
/// by step.
/// </summary>
internal sealed class AnswerCheck
{
    private readonly ScriptedFile _file;
    private readonly Dictionary<FileCommand, object> _answers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FileCommand, List<object>> _brought = new(ReferenceEqualityComparer.Instance);
    private List<object> _batches = [];
    private byte[] _content;

    public AnswerCheck(ScriptedFile file)
    {
        _file = file;
        _content = file.Before ?? [];
        foreach (var answer in file.Answers)
        {
            Take(answer);
        }
    }

    /// <summary>Why the file was not opened, if it was not.</summary>
    public CommandFailed? NotOpened { get; private set; }

    /// <summary>The commands that failed, in the order in which they were sent.</summary>
    public IEnumerable<CommandFailed> Failures =>
        _file.Commands.Where(_answers.ContainsKey).Select(command => _answers[command]).OfType<CommandFailed>();

    /// <summary>Follows the answers and compares with the file on the disk.</summary>
    public void FollowContent()
    {
        if (NotOpened is not null)
        {
            Assert.Empty(_answers);
            return;
        }

        Assert.Equal(_file.Commands.Count, _answers.Count);
        _content = _file.Mode.Truncates() ? [] : _content;
        long position = 0;
        foreach (var command in _file.Commands)
        {
            Follow(command, _answers[command], ref position);
        }

        Assert.Empty(_batches);
        Assert.True(Text.AreSame(_content, File.ReadAllBytes(_file.File)), $"{_file.File} is not what the answers say");
    }

    private void Take(object answer)
    {
        switch (answer)
        {
            case CommandFailed { Command: Open } failed:
                NotOpened = failed;
                break;
            case Opened:
                break;
            case CommandFailed { Command: FileCommand command } failed:
                Answer(command, failed);
                break;
            case Chunk or LineBatch:
                _batches.Add(answer);
                break;
            case Written written:
                TakeWritten(written);
                break;
            default:
                Answer(_file.Commands.First(c => !_answers.ContainsKey(c) && Fits(c, answer)), answer);
                break;
        }
    }

    private void Answer(FileCommand command, object answer)
    {
        Assert.True(_answers.TryAdd(command, answer), $"{command} was answered twice, the second time by {answer}");
        if (command is Demand)
        {
            _brought[command] = _batches;
            _batches = [];
        }
    }

    /// <summary>It stands for the oldest unanswered appends, or for one positional write.</summary>
    private void TakeWritten(Written written)
    {
        var open = _file.Commands.OfType<Write>().Where(write => !_answers.ContainsKey(write)).ToList();
        Write[] covered = open.Find(write => write.Token == written.LastToken) is { Offset: >= 0 } single
            ? [single]
            : [.. open.Where(write => write.Offset == Write.Append).Take(written.Count)];
        Assert.Equal(written.Count, covered.Length);
        Assert.Equal(written.LastToken, covered[^1].Token);
        Assert.Equal(written.Bytes, covered.Sum(write => (long)write.Data.Length));
        foreach (var write in covered)
        {
            Answer(write, written);
        }
    }

    private static bool Fits(FileCommand command, object answer) => (command, answer) switch
    {
        (Read read, DataRead data) => read.Token == data.Token && read.Offset == data.Offset,
        (Demand demand, DemandMet met) => demand.Token == met.Token,
        (ReadAll all, WholeFile whole) => all.Token == whole.Token,
        (Sync sync, Synced synced) => sync.Token == synced.Token,
        (Truncate truncate, Truncated truncated) => truncate.Token == truncated.Token,
        (Allocate allocate, Allocated allocated) => allocate.Token == allocated.Token,
        (StatFile stat, FileStatResult result) => stat.Token == result.Token,
        (Close, Closed) => true,
        _ => false,
    };

    private void Follow(FileCommand command, object answer, ref long position)
    {
        switch (command, answer)
        {
            case (Write write, Written):
                Put(write, write.Data.Length);
                break;
            case (Write write, CommandFailed failed):
                Put(write, failed.BytesDone);
                break;
            case (Read asked, DataRead read):
                var there = _content.AsSpan((int)Math.Min(read.Offset, _content.Length));
                var length = Math.Min(there.Length, asked.Destination.Length);
                Assert.True(there[..length].SequenceEqual(read.Data.Span));
                break;
            case (Demand, DemandMet met):
                Assert.Equal(met.Count, _brought[command].Count);
                position += Compare(_brought[command], position);
                Assert.True(!met.EndOfFile || position == _content.Length);
                break;
            case (Demand, CommandFailed):
                position += Compare(_brought[command], position);
                break;
            case (ReadAll, WholeFile whole):
                Assert.True(whole.Data.Span.SequenceEqual(_content));
                break;
            case (Truncate, Truncated truncated):
                Array.Resize(ref _content, (int)truncated.Length);
                break;
            case (Sync, Synced synced):
                Assert.Equal(_content.Length, synced.Length);
                break;
            case (StatFile, FileStatResult result):
                Assert.Equal(_content.Length, result.Status.Length);
                break;
            case (Close, Closed closed):
                Assert.Equal(_content.Length, closed.Length);
                break;
        }
    }

    private void Put(Write write, long length)
    {
        var offset = write.Offset == Write.Append ? _content.Length : (int)write.Offset;
        if (length > 0)
        {
            Array.Resize(ref _content, Math.Max(_content.Length, offset + (int)length));
            write.Data.Span[..(int)length].CopyTo(_content.AsSpan(offset));
        }
    }

    /// <summary>Compares what a demand brought with the content from a position on, and gives the buffers
    /// back.</summary>
    private long Compare(List<object> batches, long position)
    {
        var start = position;
        foreach (var batch in batches)
        {
            using var owner = (IDisposable)batch;
            var memory = batch is Chunk chunk ? chunk.Memory : ((LineBatch)batch).Memory;
            Assert.Equal(position, (batch as Chunk)?.Offset ?? position);
            Assert.True(_content.AsSpan((int)position, memory.Length).SequenceEqual(memory.Span));
            position += memory.Length;
        }

        return position - start;
    }
}
