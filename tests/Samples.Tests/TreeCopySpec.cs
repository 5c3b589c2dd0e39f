namespace Actors.Samples.Tests;

public sealed class TreeCopySpec
{
    [Fact]
    public async Task Copies_and_verifies_and_replaces_only_when_told()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("from/a.txt", "a");
        directory.Write("from/b/c.txt", "bc");
        var result = await SampleProcess.RunAsync("TreeCopy", directory["from"], directory["to"]);
        result.IsDone();
        Assert.StartsWith("2 files, 2 directories and 0 links copied, 3 bytes, verified, in ", result.Output);
        Assert.Equal("bc", File.ReadAllText(directory["to/b/c.txt"]));

        // Two files are copied at a time: either may be the first that is found to be there.
        (await SampleProcess.RunAsync("TreeCopy", directory["from"], directory["to"]))
            .IsError(1, $"creating the copy of {directory["from"]}/");
        (await SampleProcess.RunAsync("TreeCopy", directory["from"], directory["to"], "--overwrite")).IsDone();
    }

    [Fact]
    public async Task Wrong_arguments_are_2()
    {
        using var directory = new TemporaryDirectory();
        (await SampleProcess.RunAsync("TreeCopy", directory["none"], directory["to"])).IsError(2, directory["none"]);
        (await SampleProcess.RunAsync("TreeCopy", directory.Path)).IsError(2, "Usage: TreeCopy");
    }
}
