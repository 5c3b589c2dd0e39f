using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Actors.Engine.Tests.Streams;

public sealed class ByteStringFileIOSpec
{
    [Fact]
    public Task A_file_is_copied_as_FileIO_copies_it() => EngineScenario.RunAsync("sync", async s =>
    {
        var content = Text.Pattern(1_000_000);
        var input = new FileInfo(s.Given("in", content));
        var output = new FileInfo(s.PathOf("out"));
        var (read, written) = ByteStringFileIO.FromFile(input)
            .ToMaterialized(ByteStringFileIO.ToFile(output), Keep.Both).Run(s.System.Materializer());
        Assert.Equal(content.Length, (await read.WaitAsync(EngineScenario.Patience)).Count);
        Assert.Equal(content.Length, (await written.WaitAsync(EngineScenario.Patience)).Count);
        Assert.Equal(content, await File.ReadAllBytesAsync(output.FullName));
    });

    [Theory]
    [InlineData(null, 0, "new")]
    [InlineData(FileMode.Create, 0, "new")]
    [InlineData(FileMode.OpenOrCreate, 0, "new3456789")]
    [InlineData(FileMode.OpenOrCreate, 4, "0123new789")]
    [InlineData(FileMode.Append, 0, "0123456789new")]
    public Task Modes_and_positions_are_those_of_FileIO(FileMode? mode, long position, string expected) =>
        EngineScenario.RunAsync("sync", async s =>
        {
            var words = Source.From(["n", "e", "w"]).Select(word => ByteString.FromString(word));
            var ours = new FileInfo(s.Given("ours", "0123456789"));
            var told = await words.RunWith(ByteStringFileIO.ToFile(ours, mode, position), s.System.Materializer());
            Assert.Equal(3, told.Count);
            Assert.Equal(expected, s.ContentOf("ours"));
            var theirs = new FileInfo(s.Given("theirs", "0123456789"));
            await words.RunWith(FileIO.ToFile(theirs, mode, position), s.System.Materializer());
            Assert.Equal(expected, s.ContentOf("theirs"));
        });

    [Fact]
    public void Modes_that_the_engine_does_not_have_are_refused_at_once()
    {
        var file = new FileInfo("f");
        Assert.Throws<NotSupportedException>(() => ByteStringFileIO.ToFile(file, FileMode.Truncate));
        Assert.Throws<NotSupportedException>(() => ByteStringFileIO.ToFile(file, FileMode.Open));
        Assert.Throws<ArgumentException>(() => ByteStringFileIO.ToFile(file, FileMode.Append, 1));
    }
}
