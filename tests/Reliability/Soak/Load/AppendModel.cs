using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>
/// What a file must hold after one client's appends and truncations, by their answers alone: all of what was answered
/// as written, of what failed as much as the answer says, in the order of sending.
/// </summary>
internal sealed class AppendModel
{
    private readonly List<FileCommand> _commands = [];
    private readonly Dictionary<FileCommand, long> _done = new(ReferenceEqualityComparer.Instance);

    private readonly List<string> _failures = [];

    /// <summary>True when an answer left open what was done: after a time limit, a crash, a stop.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>A command goes out.</summary>
    public void Sent(FileCommand command)
    {
        if (command is Write or Truncate)
        {
            _commands.Add(command);
        }
    }

    /// <summary>It was done.</summary>
    public void Done(FileCommand command) => _done[command] = long.MaxValue;

    /// <summary>It was not, or only in part.</summary>
    public void Failed(CommandFailed failed)
    {
        _done[(FileCommand)failed.Command] = failed.Command is Truncate ? -1 : failed.BytesDone;
        if (failed.Reason != FailureReason.MailboxFull)
        {
            _failures.Add($"{failed.Command.GetType().Name} {failed.Reason} {failed.Errno} {failed.BytesDone}");
        }

        IsUncertain |= failed.Reason is FailureReason.TimedOut or FailureReason.Unexpected;
    }

    /// <summary>What failed, with what was answered, for people.</summary>
    public string Failures() => string.Join(", ", _failures);

    /// <summary>What the file must hold.</summary>
    public byte[] Content()
    {
        var content = new MemoryStream();
        foreach (var command in _commands)
        {
            var done = _done.GetValueOrDefault(command, -1);
            switch (command)
            {
                case Truncate truncate when done >= 0:
                    content.SetLength(truncate.Length);
                    content.Position = truncate.Length;
                    break;
                case Write write when done > 0:
                    content.Write(write.Data.Span[..(int)Math.Min(done, write.Data.Length)]);
                    break;
            }
        }

        return content.ToArray();
    }
}
