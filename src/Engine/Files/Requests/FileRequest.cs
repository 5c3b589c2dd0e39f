namespace Actors.Engine.Files;

/// <summary>
/// A command to a file and what becomes of it. Between <see cref="FileClient"/>'s acceptance and the answer it belongs
/// to the client, which links it into one of its lists and ends it exactly once, outside its lock.
/// </summary>
internal abstract class FileRequest
{
    /// <summary>What was asked; its token finds the request again.</summary>
    public FileCommand Command { get; private set; } = null!;

    /// <summary>Of the command; unique among the file's unanswered requests.</summary>
    public long Token { get; private set; }

    /// <summary>Appends are answered in order, several by one answer.</summary>
    public bool IsAppend { get; private set; }

    internal RequestState State { get; set; }

    internal FileRequest? Previous { get; set; }

    internal FileRequest? Next { get; set; }

    internal RequestList? List { get; set; }

    /// <summary>What the answer said, until <see cref="Finish"/> passes it on.</summary>
    internal long Result { get; set; }

    internal Exception? Failure { get; set; }

    internal void Begin(FileCommand command, long token)
    {
        Command = command;
        Token = token;
        IsAppend = command is Write { Offset: Write.Append };
        Result = 0;
        Failure = null;
    }

    /// <summary>Passes the result on. Called once, without the client's lock held. The context that awaits it may be
    /// anybody's code: what it throws ends neither a shard's actor nor the requests behind this one.</summary>
    internal void Finish(FileEngine engine)
    {
        Command = null!;
        try
        {
            if (Failure is { } failure)
            {
                OnFailed(failure);
            }
            else
            {
                OnSucceeded(Result);
            }
        }
        catch (Exception e)
        {
            engine.OnDefect(GetType().Name, e);
        }
    }

    /// <summary>It was performed.</summary>
    /// <param name="result">Bytes read, or the file's length, as the command has it.</param>
    protected abstract void OnSucceeded(long result);

    /// <summary>It was not.</summary>
    protected abstract void OnFailed(Exception failure);
}
