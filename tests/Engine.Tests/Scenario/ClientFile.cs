using Akka.Actor;
using Akka.TestKit;
using Xunit;

namespace Actors.Engine.Tests.Scenario;

/// <summary>A file as its client sees it: the handle, and who gets the answers.</summary>
internal sealed record ClientFile(IActorRef Ref, TestProbe Client, Opened Opened)
{
    public void Tell(FileCommand command) => Ref.Tell(command, Client);

    public void Append(string text, long token = 0) => Tell(new Write(Text.Bytes(text), Write.Append, token));

    public void WriteAt(long offset, string text, long token = 0) => Tell(new Write(Text.Bytes(text), offset, token));

    public ValueTask<T> ExpectAsync<T>() => Client.ExpectMsgAsync<T>();

    /// <summary>Expects the failure of a command, for a reason.</summary>
    public async Task<CommandFailed> ExpectFailureAsync(FailureReason reason, FileCommand? command = null)
    {
        var failed = await Client.ExpectMsgAsync<CommandFailed>();
        Assert.True(failed.Reason == reason, $"{failed.Reason}, not {reason}: {failed.Cause} {failed.Exception}");
        Assert.NotEmpty(failed.Cause);
        if (command is not null)
        {
            Assert.Same(command, failed.Command);
        }

        return failed;
    }

    /// <summary>Expects answers to so many writes, in however many messages.</summary>
    public async Task<IReadOnlyList<Written>> ExpectWrittenAsync(int count)
    {
        var answers = new List<Written>();
        for (var covered = 0; covered < count; covered += answers[^1].Count)
        {
            answers.Add(await Client.ExpectMsgAsync<Written>());
        }

        Assert.Equal(count, answers.Sum(written => written.Count));
        return answers;
    }

    /// <summary>Closes the file and waits for the answer.</summary>
    public async Task<Closed> CloseAsync()
    {
        Tell(new Close());
        return await Client.ExpectMsgAsync<Closed>();
    }
}
